#!/usr/bin/env bash
# Two Alertmanagers in a cluster, of which one is killed and comes back while containers break. What is
# late tells of failures again that are over. Each failure is healed by exactly one attempt, and what
# `explain` says of each payload afterwards is what was done with it.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/cluster.sh
source tests/end_to_end/lib/cluster.sh

# The failures of each: `again` breaks a second time before the first recovery is proven.
declare -A failures=([both]=1 [killed]=1 [alone]=1 [back]=1 [again]=2)
readonly others=(one two three four)

# heal_and_show APP MODE WHEN
heal_and_show() {
  heal "$1" "$2"
  shown "$3: $2, healthy after $(seconds_of_ms "$healed_ms") s"
}

# In its first seconds the other one does not know that it is gone, and waits for its turn.
break_while_one_dies() {
  end_daemon alertmanager KILL
  heal_and_show killed hang "right after one was killed"
  await 60 "the other one knows that it is alone" members_are 1 peer
  heal_and_show alone crash "while the other one is alone"
}

# It takes some seconds to settle, and tells nobody of anything meanwhile.
break_while_one_comes_back() {
  start_alertmanager
  await_ready alertmanager
  heal_and_show back error "right after it came back"
  await_members 2
  heal_and_show again error "with both again"
  sleep 3 # what is tried
  heal_and_show again error "3 s later, with both"
}

attempts_of() {
  remediator_get "incidents?container=${app_name[$1]}" | jq '[.incidents[].attempts] | add // 0'
}

expect_one_attempt_for_each_failure() {
  local app
  expect_equal "attempts on watched_only" 0 "$(attempts_of watched_only)"
  for app in "${!failures[@]}"; do
    await_recovery "$app"
    expect_equal "attempts on $app" "${failures[$app]}" "$(attempts_of "$app")"
    expect_text "the state of $app" running "$(app_life "$app")"
    expect_equal "how often $app was restarted" "${failures[$app]}" "$(restarts_of "$app")"
  done
  for app in "${others[@]}" watched_only; do expect_same_life "$app" "${life[$app]}"; done
}

expect_explained() {
  local id
  for id in $(remediator_get 'incidents?limit=100' | jq '.incidents[].id'); do
    remediator_get "incidents/$id" | jq -c .
  done >"$session_dir/incidents"
  python3 -B tests/end_to_end/lib/explained.py "$remediator_program" "$session_dir/journal.db" \
    "$session_dir/deliveries" "$session_dir/incidents" "$session_dir/remediator.log" \
    >"$session_dir/explained" 2>"$session_dir/differences.log" ||
    fail "explain says something else than what was done"
  shown "explained as it was done: $(<"$session_dir/explained")"
}

begin_test
declare -A life=()
for app in "${!failures[@]}" "${others[@]}"; do
  run_app "$app" "${watched[@]}"
  life[$app]=$(app_life "$app")
  [[ -z ${failures[$app]:-} ]] || watch_events "$app"
done
run_app watched_only "${watched[@]}" --label selfheal.dry-run=true # broken all the time
life[watched_only]=$(app_life watched_only)
use_cluster
start_chain 10
await_members 2
break_app watched_only error
await 20 "what is only watched is refused" incident_is watched_only '.reason == "dry_run"'

heal_and_show both error "with both"
await 60 "a peer tells of it again although it is over" sent_again_after_its_end both
shown "the peer has sent it again after its end"
break_while_one_dies
break_while_one_comes_back
curl -sf -m 5 -o /dev/null -X POST "${app_url[watched_only]}/fix"
await 30 "what was only watched is withdrawn" incident_is watched_only '.outcome == "withdrawn"'
expect_one_attempt_for_each_failure
shown "one attempt for each of six failures, none for what is only watched; the others untouched"
# A peer waits for 15 s before it sends.
await 90 "the Alertmanagers have said all" quiet_for 17
expect_one_attempt_for_each_failure
expect_explained
await_metric 0 remediator selfheal_remediator_incidents_open
