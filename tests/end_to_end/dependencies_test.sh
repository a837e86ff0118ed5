#!/usr/bin/env bash
# A chain of containers, web needs api needs db. What depends on another fails fast when that hangs,
# long before the hang shows: only the cause is restarted, the others recover by themselves.
#
# SELFHEAL_ROUNDS chains stand side by side, and are broken one after another (default 1: then there
# is nothing on the host but the chain, and all of it fails).
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

readonly rounds=${SELFHEAL_ROUNDS:-1}

# link NAME ROUND [UPSTREAM]
link() {
  local needs=()
  if [[ -n ${3:-} ]]; then
    needs=(--env "UPSTREAM=${app_name[$3-$2]}:8080" --label "selfheal.depends-on=${app_name[$3-$2]}")
  fi
  run_app "$1-$2" "${watched[@]}" --network "$network" "${needs[@]}"
}

make_chain() {
  run_app "db-$1" "${watched[@]}" --network "$network" \
    --label selfheal.interval=5s --label selfheal.timeout=5s
  link api "$1" db
  link web "$1" api
}

# Whether the remediator may act on anybody: whoever was started or restarted is given a minute.
nobody_held() { prometheus_says 'count(selfheal:hold) or vector(0)' 0; }

last_success() {
  prometheus_value "selfheal_probe_last_success_timestamp_seconds{container=\"${app_name[$1]}\"}"
}

newer_success() { [[ $(last_success "$1") != "$2" ]]; }

# The worst phase: it has just passed a probe, and the next one is the farthest away.
await_worst_phase() {
  local before
  before=$(last_success "$1")
  await 20 "$1 passes a probe" newer_success "$1" "$before"
}

# seen_by_prometheus APP SELECTOR: whether it had such a series in the last two minutes.
seen_by_prometheus() {
  [[ -n $(prometheus_value "count(count_over_time(${2/\}/,container=\"${app_name[$1]}\"\}}[2m]))") ]]
}

expect_left_to_recover() {
  local app=$1
  await 30 "$app is healthy by itself" app_healthy "$app"
  expect_same_life "$app" "${life[$app]}"
  if seen_by_prometheus "$app" 'ALERTS{alertstate="firing",remediation!=""}'; then
    fail "an alert asked for $app to be restarted"
  fi
  expect_equal "incidents of $app" "" "$(incident "$app" .id)"
}

# break_link NAME ROUND MODE DEPENDENT...
break_link() {
  local cause=$1-$2 mode=$3 app
  shift 3
  for app in "$cause" "$@"; do life[$app]=$(app_life "$app"); done
  watch_events "$cause"
  heal "$cause" "$mode"
  expect_one_restart "$cause" "${life[$cause]}"
  for app in "$@"; do
    expect_left_to_recover "$app"
    # What is broken for three seconds only is healed before its dependents have failed often enough.
    [[ $mode == error ]] ||
      await 10 "Prometheus shows that $app was held" seen_by_prometheus "$app" 'selfheal:container_held{host!=""}'
  done
  await_recovery "$cause"
  shown "$cause ($mode): restarted, healthy after $(seconds_of_ms "$healed_ms") s; untouched: $*"
}

begin_test
declare -A life=()
network=$(container_name net)
docker network create --label "selfheal.test-run=$test_run" \
  --label "selfheal.$session_kind=$session_id" "$network" >/dev/null
for ((round = 1; round <= rounds; ++round)); do make_chain "$round"; done
start_chain $((3 * rounds))

await 100 "everybody has been healthy for a minute" nobody_held
for ((round = 1; round <= rounds; ++round)); do
  await_worst_phase "db-$round"
  break_link db "$round" hang "api-$round" "web-$round"
done
await 100 "everybody has been healthy for a minute" nobody_held
for ((round = 1; round <= rounds; ++round)); do
  life[db-$round]=$(app_life "db-$round")
  break_link api "$round" error "web-$round"
  expect_same_life "db-$round" "${life[db-$round]}"
done
