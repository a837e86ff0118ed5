# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The sample apps of a test.

declare -A app_name=() app_url=()

readonly watched=(
  --label selfheal.enable=true
  --label selfheal.probe=http://:8080/health
  --label selfheal.interval=1s
  --label selfheal.timeout=500ms
  --label selfheal.failure-threshold=3
)

# run_app NAME [ARGUMENT of docker run...]: up and healthy, on a port that outlives restarts.
run_app() {
  local name=$1
  shift
  app_name[$name]=$(container_name "$name")
  pick_any_port "app-$name"
  app_url[$name]=$(url_of "app-$name")
  docker run --detach --name "${app_name[$name]}" --no-healthcheck \
    --publish "127.0.0.1:${port[app-$name]}:8080" \
    --label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id" \
    "$@" "$test_image" >/dev/null || fail "Docker does not run $name"
  await 20 "$name is healthy" app_healthy "$name"
}

app_healthy() { curl -sf -m 0.5 -o /dev/null "${app_url[$1]}/health"; }

app_unhealthy() { ! app_healthy "$1"; }

# break_app NAME MODE
break_app() {
  curl -sf -m 5 -o /dev/null -X POST "${app_url[$1]}/break?mode=$2" || fail "$1 can't be broken"
}

# One line for each life of a container: a restart changes it.
app_life() { docker inspect --format '{{.State.StartedAt}} {{.State.Status}}' "${app_name[$1]}"; }

expect_same_life() { expect_equal "the life of $1" "$2" "$(app_life "$1")"; }

# watch_events NAME: Docker's own word for what happens to it from now on, in NAME-events.log.
watch_events() {
  start_process "$1-events" docker events --since "$(date +%s.%N)" \
    --filter "container=${app_name[$1]}" --format '{{.Action}}'
}

# How often NAME, which runs, was restarted since it was watched, running. It has ended as often as it was
# started; but Docker loses events for whom a busy machine keeps from reading for 100 ms.
restarts_of() {
  local ends starts
  ends=$(log_lines "$1-events" '^die$')
  starts=$(log_lines "$1-events" '^start$')
  echo $((ends > starts ? ends : starts))
}

# expect_one_restart NAME LIFE-BEFORE: it ended once and was started once since then.
expect_one_restart() {
  local name=$1
  await 10 "Docker tells of the start of $name" log_has "$name-events" '^(re)?start$'
  expect_equal "how often $name was restarted" 1 "$(restarts_of "$name")"
  [[ $(app_life "$name") != "$2" ]] || fail "$name was not restarted"
  expect_text "the state of $name" running "$(app_life "$name")"
}
