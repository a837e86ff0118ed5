#!/usr/bin/env bash
# Exporter and remediator of compose/compose.yaml beside a Prometheus and an Alertmanager that somebody has in a Compose
# file of his own, with Prometheus' default intervals: joined as compose/README.md says, an app that breaks is healed.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

# Theirs are on the stack's network, which is removed after that.
eval "stack_$(declare -f clean_up)"
clean_up() {
  remove_containers || true
  stack_clean_up
}

theirs() {
  env --unset=COMPOSE_PROFILES --unset=COMPOSE_PROJECT_NAME "${compose[@]}" --project-name "$stack_project-theirs" \
    --file "$session_dir/theirs/theirs.yaml" --file "$session_dir/theirs/joins.yaml" "$@"
}

# What somebody has before any of selfheal.
write_theirs() {
  local labels="{selfheal.test-run: '$test_run', selfheal.$session_kind: $session_id}"
  cat >"$session_dir/theirs/theirs.yaml" <<YAML
services:
  prometheus:
    image: prom/prometheus:$(stack_value PROMETHEUS_VERSION)
    command: [--config.file=/etc/prometheus/prometheus.yml, --storage.tsdb.path=/prometheus, --rules.alert.resend-delay=5s]
    volumes: ['$session_dir/theirs/prometheus:/etc/prometheus:ro']
    ports: ['127.0.0.1:${port[prometheus]}:9090']
    labels: $labels
  alertmanager:
    image: prom/alertmanager:$(stack_value ALERTMANAGER_VERSION)
    command: [--config.file=/etc/alertmanager/alertmanager.yml, --storage.path=/alertmanager, --cluster.listen-address=]
    volumes: ['$session_dir/theirs/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro']
    ports: ['127.0.0.1:${port[alertmanager]}:9093']
    labels: $labels
networks:
  default: {labels: $labels}
YAML
}

# What compose/README.md gives to paste. Their Prometheus keeps no series of others' containers.
join_theirs() {
  local folder=$session_dir/theirs
  block_of compose/README.md 'networks: [default, selfheal-monitoring]' |
    sed -e "s|selfheal-monitoring|$stack_project-monitoring|" -e "s|/srv/selfheal/compose|$session_dir/stack|" >"$folder/joins.yaml"
  {
    block_of compose/README.md 'job_name: selfheal-exporter' |
      sed "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($stack_project.*)?', action: keep}]"
    echo "alerting: {alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]}"
  } >"$folder/prometheus/prometheus.yml"
  block_of compose/README.md 'receiver: selfheal-remediator' | sed 's/^route:/route:\n  receiver: theirs/' >"$folder/alertmanager.yml"
  echo '  - name: theirs' >>"$folder/alertmanager.yml"
  readme 'interval: 5s/' -e "s|/etc/prometheus|$folder/prometheus|"
  readme 'install -o prometheus' -e "s|-o prometheus|-o $(id -un)|" -e "s|/etc/alertmanager|$session_dir|"
  cmp "$session_dir/stack/secrets/webhook.token" "$session_dir/webhook.token" || fail "the copy of the token is another one"
}

outcome_arrived() {
  curl -sf -m 5 "$(url_of alertmanager)/api/v2/alerts" |
    jq -e 'any(.[]; .labels.alertname == "SelfhealOutcome" and .labels.outcome == "recovered")' >/dev/null
}

begin_test
prepare_stack ''
set_stack SELFHEAL_DRY_RUN false
build_images
while IFS='=' read -r name value; do
  set_stack "$name" "$value"
done < <(block_of compose/README.md SELFHEAL_PROMETHEUS_URL=)
readme 'up -d exporter remediator'
expect_equal "what is started" "docker-act docker-read exporter remediator" \
  "$(stack_containers | xargs docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' | sort | xargs)"
stack up -d sample-app sample-front >"$session_dir/sample.log" 2>&1 || fail "the sample app does not come up"
shown "exporter and remediator run without Prometheus and Alertmanager"

mkdir -p "$session_dir/theirs/prometheus"
write_theirs
join_theirs
theirs up -d >"$session_dir/theirs.log" 2>&1 || fail "their Prometheus and Alertmanager don't come up"
await 90 "every part of the stack is healthy" stack_healthy
await 90 "their Prometheus sees both apps healthy" sample_seen_healthy
expect_equal "how often the rules of the machine are judged" 5 "$(curl -sf -m 5 "$(url_of prometheus)/api/v1/rules" |
  jq '.data.groups[] | select(.name == "selfheal-machine") | .interval')"
shown "theirs have joined"

break_sample error
await 60 "the app is healed" app_is_healthy
await 60 "the recovery is proven" recovered 1
await 30 "their Alertmanager has the outcome" outcome_arrived
shown "an app that broke was healed, and their Alertmanager has heard of it"
