#!/usr/bin/env bash
# What becomes of attempts, as the real Alertmanager has it from the remediator.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# Takes everything and tells nobody.
write_quiet_alertmanager() {
  cat >"$session_dir/alertmanager.yml" <<'YAML'
route: {receiver: nobody}
receivers: [{name: nobody}]
YAML
}

# One attempt for a container, and what it has time for is short.
be_impatient() {
  be_quick
  sed -i -e 's|^guards:|guards:\n  max_attempts: 1|' -e 's|timeout: 20s|timeout: 4s|' "$remediator_config"
}

outcomes_of() {
  curl -sf -m 2 --get --data-urlencode "filter=container=\"${app_name[$1]}\"" \
    "$(url_of alertmanager)/api/v2/alerts"
}

# outcome_is APP FILTER: whether there is just one, of which jq finds FILTER to be true.
outcome_is() { [[ $(outcomes_of "$1" | jq "length == 1 and (.[0] | $2)") == true ]]; }

# expect_outcome APP OUTCOME SEVERITY DESCRIPTION
expect_outcome() {
  local url
  url="http://$(hostname):${port[remediator]}/incidents/$(incident "$1" .id)"
  await 10 "Alertmanager has what became of $1" outcome_is "$1" true
  outcome_is "$1" "
    .labels == {alertname: \"SelfhealOutcome\", host: \"$(engine_host)\", group: \"${app_name[$1]}\",
      container: \"${app_name[$1]}\", outcome: \"$2\", severity: \"$3\", attempt: \"1\",
      incident: \"$(incident "$1" .id)\"}
    and .generatorURL == \"$url\" and .annotations.incident_url == \"$url\"
    and .annotations.attempts == \"1 of 1\" and (.annotations.summary | length > 0)
    and .status.state == \"active\"" || fail "not as expected: $(outcomes_of "$1")"
  expect_text "the description" "$4" "$(outcomes_of "$1" | jq -r '.[0].annotations.description')"
  shown "$(outcomes_of "$1" | jq -r '.[0] | "\(.labels.outcome): \(.annotations.description)"')"
}

# Six minutes from when it was posted: as long as people's groups need to be flushed once more.
expect_life_of_six_minutes() {
  local life
  life=$(outcomes_of "$1" | jq '.[0] | (.endsAt | sub("\\.[0-9]+"; "") | fromdate) - now | round')
  ((life > 300 && life <= 360)) || fail "the alert of $1 ends in $life s"
}

begin_test
run_app app "${watched[@]}"
run_app broken "${watched[@]}" --label selfheal.start-period=1s
pick_any_port alertmanager
write_quiet_alertmanager
start_alertmanager
await_ready alertmanager
be_impatient
remediator_flags=(--alertmanager.url "$(url_of alertmanager)/")
start_lone_remediator
await_ready remediator

tell app
await_recovery app
expect_outcome app recovered info "${app_name[app]} on $(engine_host): restarted, healthy again after "
expect_life_of_six_minutes app

# Paused right after its restart, so that it is never proven to be healthy.
tell broken
await 10 "the attempt is being verified" incident_is broken '.state == "verifying"'
docker pause "${app_name[broken]}" >/dev/null
await 20 "the only attempt has failed" incident_is broken '.attempts[0].result == "not_healthy"'
expect_outcome broken breaker_open warning "a person is needed"
docker unpause "${app_name[broken]}" >/dev/null

await_metric 1 remediator selfheal_remediator_breaker_open "container=\"${app_name[broken]}\""
expect_metric 1 remediator selfheal_remediator_outcomes_total 'outcome="recovered"'
expect_metric 1 remediator selfheal_remediator_outcomes_total 'outcome="breaker_open"'
expect_metric 0 remediator selfheal_remediator_outcomes_total 'outcome="failed"'
expect_metric 0 remediator selfheal_remediator_outcome_posts_failed_total
expect_equal "whether the API says that it was told" true \
  "$(incident broken '.outcomes | length == 1 and .[0].told_at != null')"
