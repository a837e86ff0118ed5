#!/usr/bin/env bash
# Alerts that are understood, and must not be acted on: accepted with 200, or Alertmanager would send
# them for ever; refused with a reason in log, journal and metrics. Others are healed meanwhile.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

refused() { [[ $(metric remediator selfheal_remediator_decisions_total 'decision="refuse"' "reason=\"$1\"") -ge 1 ]]; }

# expect_decision REASON NAME [JQ FILTER]: it is refused for REASON, once.
expect_decision() {
  local reason=$1
  shift
  tell "$@"
  await 10 "it is refused: $reason" refused "$reason"
  expect_metric 1 remediator selfheal_remediator_decisions_total 'decision="refuse"' "reason=\"$reason\""
  expect_log_lines 1 remediator "msg=refused .*reason=$reason "
  shown "refused: $reason"
}

begin_test
run_app good "${watched[@]}"
run_app opted_out --label selfheal.enable=false --label monitored=true
run_app says_none "${watched[@]}" --label selfheal.action=none
run_app elsewhere "${watched[@]}"
watch_events good
start_quick_remediator
declare -A life=()
for app in good opted_out says_none elsewhere; do life[$app]=$(app_life "$app"); done

expect_decision no_such_container "$(container_name nobody)"
expect_decision not_opted_in opted_out
expect_decision action_none says_none
expect_decision unknown_host elsewhere '.alerts[0].labels.host = "another"'

# Of two alerts in one webhook the bad one takes nothing from the good one.
alert good '.alerts += [.alerts[0] | del(.labels.container)]' >"$session_dir/both.json"
post_webhook "$session_dir/both.json"
expect_equal "the status" 200 "$webhook_status"
expect_metric 1 remediator selfheal_remediator_decisions_total 'decision="refuse"' 'reason="unreadable_alert"'
expect_log_lines 1 remediator 'an alert can.t be used.*lacks the label host or container'
shown "refused: unreadable_alert"

await_recovery good
expect_one_restart good "${life[good]}"
for app in opted_out says_none elsewhere; do expect_same_life "$app" "${life[$app]}"; done
expect_log_lines 4 remediator 'msg=refused '
shown "the good ones beside them were healed, nothing else was touched"
