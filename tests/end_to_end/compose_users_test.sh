#!/usr/bin/env bash
# The stack of compose/compose.yaml with users, from one moment to the next and back: whoever asks one of its
# pages has to say who he is, its parts do so among themselves, and it heals as before.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

readonly pages=(exporter:/ exporter:/metrics remediator:/ remediator:/api/v1/incidents prometheus:/-/healthy
  prometheus:/api/v1/targets alertmanager:/ alertmanager:/api/v2/status)

# answers_with STATUS [CURL ARGUMENT...]: that every page has that answer.
answers_with() {
  local page status wanted=$1
  shift
  for page in "${pages[@]}"; do
    status=$(curl -s -m 5 -o /dev/null -w '%{http_code}' "$@" "$(url_of "${page%%:*}")${page#*:}") || return
    [[ $status == "$wanted" ]] || {
      echo "$page: $status"
      return 1
    }
  done
}

# Docker has asked every part since then, and each says that it works: that it was healthy before tells nothing.
parts_are_well_since() {
  local part
  for part in exporter remediator prometheus alertmanager; do
    inspected "$part" '{{json .State.Health.Log}}' | jq -e --argjson since "$1" \
      'last | .ExitCode == 0 and (.Start | sub("\\.[0-9]+"; "") | fromdateiso8601) > $since' >/dev/null || return
  done
}

# What a local user sees in a list of processes: the daemons, and every few seconds what asks them for their health.
command_lines() {
  stack_containers | xargs docker inspect --format '{{.Name}} {{json .Path}} {{json .Args}} {{json .Config.Healthcheck}}'
}

# Prometheus has scraped all of them since then, and found an Alertmanager.
scraped_since() {
  curl -sf -m 5 -u "$login" "$(url_of prometheus)/api/v1/targets?state=active" | jq -e --argjson since "$1" \
    '[.data.activeTargets[] | select(.health == "up" and (.lastScrape | sub("\\.[0-9]+"; "") | fromdateiso8601) > $since)] | length == 4' >/dev/null
}

# drill_sample [OPTION...]: the app's hang, by what it can do itself.
drill_sample() {
  start_process drill compose/simulate_failure --exporter.url "$(url_of exporter)" --remediator.url "$(url_of remediator)" \
    --limit 90 "$@" "$(inspected sample-app '{{.Name}}' | tr -d /)" hang
  wait "$!"
}

# drill_refused WHAT IS SAID [OPTION...]
drill_refused() {
  ! drill_sample "${@:2}" || fail "a drill is not refused: $*"
  expect_text "what the drill said" "$1" "$(<"$session_dir/drill.log")"
}

# As the library's, but as a user.
incidents() { curl -sf -m 5 -u "$login" "$(url_of remediator)/api/v1/incidents" | jq -r "$1"; }

told_as_user() {
  curl -sf -m 5 -u "$login" "$(url_of alertmanager)/api/v2/alerts" |
    jq -e 'any(.[]; .labels.alertname == "SelfhealOutcome" and .labels.outcome == "recovered")' >/dev/null
}

begin_test
prepare_stack sample
set_stack SELFHEAL_DRY_RUN false
build_images
start_stack_of_compose
await 90 "every part of the stack is healthy" stack_healthy
answers_with 200 >"$session_dir/pages.log" || fail "without users: $(<"$session_dir/pages.log")"
shown "without users everybody gets in"

users_since=$(date +%s)
readme 'prepare --user'
login=admin:$(<"$session_dir/stack/secrets/web.password")
await 20 "every page asks who it is" answers_with 401
answers_with 401 -u admin:wrong >"$session_dir/pages.log" || fail "with a wrong password: $(<"$session_dir/pages.log")"
answers_with 200 -u "$login" >"$session_dir/pages.log" || fail "with the right password: $(<"$session_dir/pages.log")"
expect_answers prometheus <<<"401 POST remediator:10116/api/v1/alerts" # by its token, as before
shown "one command later every page asks for a user, and nothing was restarted"

await 60 "every part is well, though health checks have to say who they are" parts_are_well_since "$users_since"
lines=$(command_lines)
expect_text "the command lines" "--config.file=/etc/prometheus/" "$lines" # so that there are some
expect_equal "command lines with the parts' password" "" \
  "$(grep -F "$(<"$session_dir/stack/secrets/parts.password")" <<<"$lines")"
await 30 "Prometheus scrapes all of them as a user" scraped_since "$users_since"
drill_refused "asks for a user: give --user-file"
(umask 077 && echo "admin:wrong" >"$session_dir/wrong" && echo "$login" >"$session_dir/login")
drill_refused "asks for a user, and not for this one: give --user-file" --user-file "$session_dir/wrong"
drill_sample --user-file "$session_dir/login" || fail "the app was not healed: $(<"$session_dir/drill.log")"
expect_text "what the drill said" "POST http://:8080/break?mode=hang" "$(<"$session_dir/drill.log")"
expect_text "what the drill said" "and proven" "$(<"$session_dir/drill.log")"
await 20 "Alertmanager has taken the outcome" told_as_user
readme '/selfheal-remediator incidents'
expect_text "what the remediator tells at a terminal" recovered "$(<"$session_dir/readme.log")"
shown "health checks, scrapes, alerts, queries and outcomes carry the parts' own name: the app was healed"

prepare_files --user ''
await 20 "nobody is asked any more" answers_with 200
shown "and back"
