#!/usr/bin/env bash
# An app that takes its time to shut down is stopped by a person when the rules can't tell that from a restart
# of selfheal's own, for it was broken before, and when the exporter was not there to hear of it: neither is
# undone.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/slow_app.sh
source tests/end_to_end/lib/slow_app.sh

# remediate COMMAND...: as a person, by the remediator's own command.
remediate() {
  "$remediator_program" "$@" --url "$(url_of remediator)" --webhook.token-file "$session_dir/webhook.token" \
    >>"$session_dir/commands.log" 2>&1 || fail "selfheal-remediator $* fails: $(tail -1 "$session_dir/commands.log")"
}

begin_test
run_slow_app
run_app other "${watched[@]}"
start_chain 2

remediate pause --reason deployment
break_app app error
await 30 "the incident waits for the end of the pause" incident_is app '.reason == "paused"'
life=$(started_at)
start_process stop docker stop "${app_name[app]}"
await 10 "Prometheus knows of the stop" prometheus_says "count(selfheal_container_stopping_since_timestamp_seconds{container=\"${app_name[app]}\"})" 1
remediate resume
await 10 "the remediator waits for its end" incident_is app '.reason == "hold" and (.detail | contains("stopping"))'
await 60 "the incident is closed" incident_is app '.state == "closed" and .outcome == "withdrawn"'
expect_same_life app "$life exited"
shown "broken, and stopped by a person: not started again"

docker start "${app_name[app]}" >/dev/null
await 20 "it is well again" app_healthy app
await 10 "the exporter has seen it pass" prometheus_says "selfheal:container_healthy{container=\"${app_name[app]}\"}" 1
life=$(started_at)
start_process stop docker stop "${app_name[app]}"
await 10 "it shuts down" app_unhealthy app
end_daemon exporter KILL
start_exporter
await_ready exporter
await 10 "the exporter knows of the stop from Docker's past events" hold_is 1
await 60 "it is down, and left so" prometheus_says "selfheal:container_set_aside{container=\"${app_name[app]}\"}" 1
expect_same_life app "$life exited"
shown "stopped, and the exporter killed meanwhile: not started again"
