#!/usr/bin/env bash
# An app that takes its time to shut down is stopped, restarted by hand and replaced by a new one: it is let
# be, however many of its probes fail meanwhile. What then breaks is healed, though the remediator's own
# restart takes its time as well.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/slow_app.sh
source tests/end_to_end/lib/slow_app.sh

# Since the start of the test.
triggers() { prometheus_value "count(count_over_time(ALERTS{remediation!=\"\",container=\"${app_name[app]}\"}[10m])) or vector(0)"; }

expect_let_be() {
  expect_equal "triggers for it" 0 "$(triggers)"
  expect_equal "its newest incident" "" "$(newest_incident "${app_name[app]}")"
}

begin_test
run_slow_app
run_app other "${watched[@]}"
run_app third "${watched[@]}"
start_chain 3

life=$(started_at)
start_process stop docker stop "${app_name[app]}"
await 10 "it shuts down, and its stop is a hold" hold_is 1
await 10 "it counts as broken and held" prometheus_says "selfheal:container_held{container=\"${app_name[app]}\"}" 1
await $((drain_s + 10)) "Docker has stopped it" docker_stopped
sleep 5 # a trigger would be there by then
expect_same_life app "$life exited"
expect_let_be
shown "stopped: it took $drain_s s to shut down, and was not started again"

docker start "${app_name[app]}" >/dev/null
await 20 "it is well again" app_healthy app
docker restart --time $((drain_s - 3)) "${app_name[app]}" >/dev/null
await 20 "it is well after a restart by hand" app_healthy app
life=$(app_life app)
sleep 5
expect_same_life app "$life"
expect_let_be
expect_metric 0 exporter app_recovery_events_total "container=\"${app_name[app]}\""
shown "restarted by hand, and killed before it had shut down: let be as well"

docker stop "${app_name[app]}" >/dev/null
docker rm "${app_name[app]}" >/dev/null
run_slow_app
id=$(docker inspect --format '{{.Id}}' "${app_name[app]}")
await 20 "the new one has passed" prometheus_says "selfheal:probe_ever_passed{container_id=\"$id\"}" 1
expect_let_be
expect_metric 0 exporter app_recovery_events_total "container=\"${app_name[app]}\""
shown "replaced by a new one, as a deployment does: let be as well"

life=$(app_life app)
watch_events app
break_app app error
await 10 "it is broken" app_unhealthy app
await 60 "it is healed" app_healthy app
await_recovery app
expect_one_restart app "$life"
expect_equal "how the attempts ended" verified "$(incident app '[.attempts[].result] | join(",")')"
expect_metric 1 exporter app_recovery_events_total "container=\"${app_name[app]}\"" 'cause="restarted"'
shown "broken: healed by one restart, which took its time too"
