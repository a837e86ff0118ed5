#!/usr/bin/env bash
# An app that shuts down in good order: it answers with errors for seconds, then ends. Whoever stops or
# restarts it is let be, however many probes fail meanwhile; what then breaks is healed, though the
# remediator's own restart takes its time as well.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

readonly drain_s=12

hold_is() { prometheus_says "selfheal:hold{container=\"${app_name[app]}\",reason=\"stopping\"}" "$1"; }

# Since the start of the test.
triggers() { prometheus_value "count(count_over_time(ALERTS{remediation!=\"\",container=\"${app_name[app]}\"}[10m])) or vector(0)"; }

expect_let_be() {
  expect_equal "triggers for it" 0 "$(triggers)"
  expect_equal "its newest incident" "" "$(newest_incident "${app_name[app]}")"
}

begin_test
run_app app "${watched[@]}" --env DRAIN=$drain_s --stop-timeout 40
run_app other "${watched[@]}"
run_app third "${watched[@]}"
start_chain 3

watch_events app
start_process stop docker stop "${app_name[app]}"
await 10 "it shuts down, and its stop is a hold" hold_is 1
await 10 "it counts as broken and held" prometheus_says "selfheal:container_held{container=\"${app_name[app]}\"}" 1
await $((drain_s + 10)) "Docker has stopped it" log_has app-events '^stop$'
sleep 5 # a trigger would be there by then
expect_equal "how often it was started" 0 "$(log_lines app-events '^start$')"
expect_let_be
shown "stopped: it took $drain_s s to shut down, and was not started again"

docker start "${app_name[app]}" >/dev/null
await 20 "it is well again" app_healthy app
docker restart "${app_name[app]}" >/dev/null
await 20 "it is well after a restart by hand" app_healthy app
sleep 5
expect_equal "how often it was started" 2 "$(log_lines app-events '^start$')"
expect_let_be
expect_metric 0 exporter app_recovery_events_total "container=\"${app_name[app]}\""
shown "restarted by hand: let be as well"

break_app app error
await 60 "it is healed" app_healthy app
await_recovery app
expect_equal "how often it was started" 3 "$(log_lines app-events '^start$')"
expect_equal "how the attempts ended" verified "$(incident app '[.attempts[].result] | join(",")')"
expect_metric 1 exporter app_recovery_events_total "container=\"${app_name[app]}\"" 'cause="restarted"'
shown "broken: healed by one restart, which took its time too"
