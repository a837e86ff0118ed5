#!/usr/bin/env bash
# Killed right after Docker has done the restart, with all of the chain around it: by the time it is
# back, the alert has resolved and Alertmanager has told nobody.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# The alerts of the app that fire.
firing="count(ALERTS{alertstate=\"firing\", alertname=\"SelfhealProbeFailing\"}) or vector(0)"

begin_test
for app in app one two; do run_app "$app" "${watched[@]}"; done
watch_events app
life_before=$(app_life app)
start_gate
use_gate
start_chain 3

gate lose-reply
break_app app error
await_log gate '^done-unanswered POST .*/restart$'
end_daemon remediator KILL
shown "killed between the restart and its reply"
await 20 "the app answers again" app_healthy app
await 20 "the alert is over" prometheus_says "$firing" 0
gate pass
start_remediator
await_ready remediator
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
for app in one two; do expect_text "the life of $app" running "$(app_life "$app")"; done
