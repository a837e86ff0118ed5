#!/usr/bin/env bash
# An app that works, with a wrong port in its label: its probe has never passed, so it is not restarted, and
# people are told. With the right port it passes; then a break is healed, though the exporter and
# Prometheus were restarted while it was broken and have not seen it pass since.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/people.sh
source tests/end_to_end/lib/people.sh

hold_is() { prometheus_says "selfheal:hold{container=\"${app_name[app]}\",reason=\"never_passed\"}" "$1"; }

hold_is_gone() { [[ $(prometheus_value "count(selfheal:hold{container=\"${app_name[app]}\"}) or vector(0)") == 0 ]]; }

people_are_told() {
  [[ $(told ".to == \"slack\" and (.text | contains(\"${app_name[app]}\") and contains(\"has not passed its probe once\"))") -gt 0 ]]
}

# In the last five minutes.
triggers() { prometheus_value "count(max_over_time(ALERTS{remediation!=\"\",container=\"${app_name[app]}\"}[5m])) or vector(0)"; }

# Of an alert that Prometheus does not make, here and in the incident.
expect_hold_explained() {
  alert app >"$session_dir/payload.json"
  expect_text "explain" "wait (hold: held by policy: never_passed" \
    "$("$remediator_program" explain "$session_dir/payload.json" --docker.host "$DOCKER_HOST" \
      --prometheus.url "$(url_of prometheus)" 2>>"$session_dir/explain.log")"
  tell app
  await 10 "the decision is to wait for the hold" incident_is app '.reason == "hold" and (.detail | contains("never_passed"))'
  expect_equal "attempts" 0 "$(incident app '.attempts | length')"
}

broken_meanwhile() {
  end_daemon exporter TERM
  end_daemon prometheus TERM
  break_app app error
  await 10 "the app is broken" app_unhealthy app
  start_exporter
  start_prometheus
  await_ready exporter
  await_ready prometheus
}

begin_test
run_app app "${watched[@]}" --label selfheal.probe=http://:8081/health
run_app other "${watched[@]}"
life=$(app_life app)
start_people
start_chain 1

await 30 "the app that was never seen to be well is held" hold_is 1
held_at=$SECONDS
await 30 "it counts as broken" prometheus_says "selfheal:container_held{container=\"${app_name[app]}\"}" 1
expect_hold_explained
await 120 "people are told that its probe has never passed" people_are_told
shown "told $((SECONDS - held_at)) s after the first failure: $(jq -rs '[.[] | select(.to == "slack")][0].title' "$session_dir/people.received")"
expect_same_life app "$life"
expect_equal "triggers for it" 0 "$(triggers)"
expect_equal "pages" 0 "$(pages)"
expect_no_faults_in_messages
shown "a wrong port: held, not restarted, nobody paged"

docker rm -f "${app_name[app]}" >/dev/null
run_app app "${watched[@]}"
await 30 "the new app has passed" prometheus_says "selfheal:probe_ever_passed{container=\"${app_name[app]}\"}" 1
await 10 "nothing holds it" hold_is_gone
life=$(app_life app)
watch_events app
broken_meanwhile
await 60 "the app is healed" app_healthy app
await_recovery app
expect_one_restart app "$life"
shown "the right port: broken while exporter and Prometheus were restarted, and healed"
