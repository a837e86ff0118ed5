#!/usr/bin/env bash
# The whole loop: an app that answers 500, one that hangs, one that has crashed, each healed through
# Prometheus, Alertmanager and the remediator; the others beside them are left alone.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# Three failures within half a minute are a storm, unless there are as many others; some to spare,
# since on a busy machine one of those may fail a probe too.
readonly modes=(error hang crash) others=(one two three four five)

# expect_healed_by ALERT ACTION APP: that alert, which came with Alertmanager's token, and that action.
expect_healed_by() {
  await_recovery "$3"
  expect_equal "the alert for $3" "$1" "$(incident "$3" '.alerts[0].alertname')"
  expect_equal "the action on $3" "$2" "$(incident "$3" '[.attempts[].action] | join(",")')"
  expect_one_restart "$3" "${life[$3]}"
}

begin_test
declare -A life=()
for app in "${modes[@]}" "${others[@]}"; do
  run_app "$app" "${watched[@]}"
  watch_events "$app"
  life[$app]=$(app_life "$app")
done
start_chain 8

for mode in "${modes[@]}"; do
  heal "$mode" "$mode"
  shown "$mode: healthy again $(seconds_of_ms "$healed_ms") s after the break"
done
expect_healed_by SelfhealProbeFailing restart error
expect_healed_by SelfhealProbeHanging restart hang
expect_healed_by SelfhealContainerDown start crash
for app in "${others[@]}"; do expect_same_life "$app" "${life[$app]}"; done
expect_metric 3 remediator selfheal_remediator_attempts_total
shown "each verified, once, by the alert and the action that it should be; the others untouched"
