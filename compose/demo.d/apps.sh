# shellcheck shell=bash
# The two sample apps: one to be broken, one to be left alone.

readonly app_image=selfheal.invalid/sample-app:dev
declare -A app_name=() app_url=()
other_before= # which life of the other app it was at the start

# start_app ROLE: on a published port that stays the same over restarts.
start_app() {
  local role=$1
  app_name[$role]=$(container_name "$role")
  pick_port "$role" 18080
  app_url[$role]=$(url_of "$role")
  docker run --detach --name "${app_name[$role]}" --publish "127.0.0.1:${port[$role]}:8080" \
    --label "selfheal.$session_kind=$session_id" \
    --label selfheal.enable=true \
    --label selfheal.probe=http://:8080/health \
    --label selfheal.interval=1s \
    --label selfheal.timeout=500ms \
    --label selfheal.failure-threshold=3 \
    "$app_image" >/dev/null || fail "Docker does not run the sample app"
}

# Not for long: a connection begun in the moment of a restart waits a second for its next try.
app_healthy() { curl -sf -m 0.15 -o /dev/null "${app_url[$1]}/health"; }

# One line for each life of a container: another one, or a restart, changes it.
app_life() { docker inspect --format '{{.Id}} {{.State.StartedAt}} {{.RestartCount}}' "${app_name[$1]}"; }

prometheus_value() {
  curl -sf -m 2 --data-urlencode "query=$1" "$(url_of prometheus)/api/v1/query" |
    jq -r '.data.result[0].value[1] // empty'
}

both_are_watched() {
  progress "waiting until both apps are probed and healthy"
  [[ $(prometheus_value 'count(selfheal_probe_success == 1)') == 2 ]]
}

start_apps() {
  say "starting two sample apps"
  start_app broken
  start_app other
  wait_until 10 app_healthy broken || fail "the sample app does not come up"
  wait_until 10 app_healthy other || fail "the other sample app does not come up"
  wait_until 60 both_are_watched || fail "the apps are not probed, or Prometheus does not see it"
  progress_done "both apps are probed and healthy"
  other_before=$(app_life other)
}

break_app() {
  curl -sf -m 5 -o /dev/null -X POST "${app_url[broken]}/break?mode=$1" || fail "the app can't be broken"
  mark "$1" broken "$(now_ms)"
  start_watching_health
}
