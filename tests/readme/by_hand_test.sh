#!/usr/bin/env bash
# selfheal without Compose and without packages, started, configured and used by the commands of the READMEs, at the
# addresses and in the folders that they name: in the end a container was healed, and everything there told of it.
# shellcheck source=tests/readme/own_machine.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/own_machine.sh"
enter_own_machine "$@"
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

ensure_docker() { :; } # by enter_own_machine

# Programs as if installed, and a clone that may be written to. Its Prometheus keeps no series of others' containers.
set_up() {
  PATH=$(dirname "$exporter_program"):$(dirname "$remediator_program"):$PATH
  copy_tree "$session_dir/tree"
  cd "$session_dir/tree"
  sed -i "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($(container_name app))?', action: keep}]" \
    prometheus/prometheus.yml
  port=([prometheus]=9090 [alertmanager]=9093 [selfheal-exporter]=10115 [selfheal-remediator]=10116 [remediator]=10116)
  mkdir -p /etc/prometheus
  run_block README.md 'install -d'
  cp /etc/selfheal/webhook.token /etc/prometheus/
  cp /etc/selfheal/webhook.token "$session_dir/"
}

# secrets_of_people PATTERN FILE: how many places of a configuration name such a file with a person's secret.
secrets_of_people() { grep -cE "file: $1(slack.url|pagerduty.key)\$" "$2" || true; }

configure_alertmanager() {
  local made=/etc/prometheus/alertmanager.yml
  cp alertmanager/alertmanager.yml alertmanager/selfheal.tmpl /etc/prometheus/
  run_block alertmanager/README.md 'sed -i '
  expect_equal "whole paths of people's secrets" "$(secrets_of_people '' alertmanager/alertmanager.yml)" "$(secrets_of_people /etc/prometheus/ $made)"
  amtool check-config $made >/dev/null || fail "Alertmanager does not take whole paths"
  run_block alertmanager/README.md 'sed -f alertmanager/machine-only.sed'
  expect_equal "people's secrets without people" 0 "$(secrets_of_people '.*' $made)"
  shown "alertmanager.yml: with whole paths, and without Slack and PagerDuty"
}

start_everything() {
  start_process alertmanager prometheus-alertmanager --config.file=/etc/prometheus/alertmanager.yml \
    --storage.path="$session_dir/alertmanager" --cluster.listen-address=
  start_block prometheus/README.md 'prometheus --config.file='
  start_block README.md 'selfheal-exporter --web.listen-address='
  # To be healed, for real.
  start_block README.md --webhook.token-file= -e 's| --dry-run||'
  local name
  for name in alertmanager prometheus selfheal-exporter selfheal-remediator; do await_ready "$name"; done
  shown "Prometheus and both daemons answer where the READMEs say"
}

# Watched by its HEALTHCHECK, and that often.
start_app() {
  app_name[app]=$(container_name app)
  docker run --detach --name "${app_name[app]}" --health-interval 1s --health-timeout 1s --health-retries 2 \
    --label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id" --label selfheal.enable=true \
    --label selfheal.probe=docker: --label selfheal.interval=1s "$test_image" >/dev/null || fail "Docker does not run the app"
  await 60 "Prometheus sees the app healthy" prometheus_says 'count(selfheal:container_healthy == 1)' 1
}

break_it() {
  local address
  address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "${app_name[app]}")
  outside curl -sf -m 5 -o /dev/null -X POST "http://$address:8080/break?mode=error" || fail "the app can't be broken"
}

silences() { amtool --alertmanager.url=http://127.0.0.1:9093 silence query --quiet | wc -l; }

try_silences() {
  # shellcheck disable=SC2016 # for the shell that has the alias
  run_block alertmanager/README.md 'amtool silence add' -e 's|expire ID|expire $(amtool silence query --quiet container=db \| head -n 1)|'
  expect_equal "silences, of four of which one was ended" 3 "$(silences)"
  shown "silences are made, shown and ended"
}

# What Alertmanager posts, of this container. In a template's hands it is a message.
write_payload() {
  jq --arg host "$(docker info --format '{{.Name}}')" --arg container "${app_name[app]}" \
    '.alerts[].labels |= (.host = $host | .container = $container)' "$repo_root/tests/fuzz/seeds/webhook/firing" >"$1"
}

try_template() {
  write_payload request.json
  run_block alertmanager/README.md 'amtool template render'
  expect_text "the text of a message" fails "$(readme_output)"
  shown "a message is made of a request"
}

loaded_at() { curl -sf -m 5 http://127.0.0.1:9090/metrics | awk '$1 == "prometheus_config_last_reload_success_timestamp_seconds" {print $2}'; }

# Each file of tests is a test of ctest's; all of them take longer than all of this.
try_rules() {
  local before
  before=$(loaded_at)
  run_block rules/README.md 'promtool check rules' -e 's|rules/\*.test.yml|rules/interval_500ms.test.yml|'
  [[ $(loaded_at) != "$before" ]] || fail "Prometheus has not loaded its rules again"
  shown "rules are checked, tested and loaded"
}

try_by_hand() {
  run_block remediator/README.md 'selfheal-remediator incidents' -e "s|BOX|$(docker info --format '{{.Name}}')|" \
    -e "s|NAME|${app_name[app]}|" -e "s|show ID|show $(incident app .id)|"
  expect_text "what the remediator tells" verified "$(readme_output)"
  expect_equal "pauses of a container" 1 "$(metric remediator selfheal_remediator_paused 'scope="container')"
  expect_equal "pauses of a host" "" "$(metric remediator selfheal_remediator_paused 'scope="host')"
  write_payload payload.json
  run_block remediator/README.md 'selfheal-remediator explain' -e "s|2026-01-31T03:02:01Z|$(incident app ".attempts[0].acted_at")|"
  expect_text "what would be done now" "wait (not_firing" "$(readme_output)"
  expect_text "what was done then" '"incident":1' "$(readme_output)"
  shown "incidents are shown, a container paused, a host no more; and explained"
}

incidents_in() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM incident").fetchone())' "$1"; }

try_backup() {
  run_block remediator/journal/JOURNAL.md 'selfheal-remediator backup'
  expect_equal "incidents in the backup" 1 "$(incidents_in /var/backups/journal-*31.db)"
  run_block remediator/README.md 'selfheal-remediator backup'
  expect_equal "incidents in the backup before an upgrade" 1 "$(incidents_in /var/backups/journal-*before.db)"
  shown "the journal has a copy"
}

try_restore() {
  end_daemon selfheal-remediator TERM
  run_block remediator/journal/JOURNAL.md 'mkdir aside'
  start_process selfheal-remediator selfheal-remediator
  await_ready selfheal-remediator
  expect_equal "the incident after the restore" 1 "$(incidents_in /var/lib/selfheal/journal.db)"
  shown "and the copy is taken for the journal"
}

# Six hours, of which there are one or two minutes here, would take promtool longer than all of this.
try_backtest() {
  run_block rules/backtest.d/README.md rules/backtest -e 's|--from -6h|--from -5m|'
  expect_text "what the rules would have done" "${app_name[app]}" "$(readme_output)"
  expect_text "what the rules would have done" restart "$(readme_output)"
  shown "the rules, asked about the past, tell of the restart"
}

# Grafana's folders are there once it is installed.
provision_grafana() {
  local file
  mkdir -p /etc/grafana/provisioning/{dashboards,datasources}
  run_block grafana-dashboards/README.md 'cp -r grafana-dashboards/provisioning'
  for file in grafana-dashboards/provisioning/*/*.yaml; do cmp "$file" "/etc/grafana/${file#*/}"; done
  for file in grafana-dashboards/*.json; do cmp "$file" "/var/lib/grafana/dashboards/selfheal/${file#*/}"; done
  expect_equal "what the provisioning reads of its environment" \
    "$(grep -rhoE '\bSELFHEAL_[A-Z_]+' grafana-dashboards/provisioning | sort -u)" \
    "$(block_of grafana-dashboards/README.md SELFHEAL_PROMETHEUS_URL= | sed 's/=.*//' | sort -u)"
  shown "dashboards and their provisioning are where Grafana looks"
}

begin_test
set_up
configure_alertmanager
start_everything
start_app
break_it
provision_grafana
try_silences
try_template
try_rules
await_recovery app
shown "a container that was broken was healed"
try_by_hand
try_backup
try_backtest
try_restore
