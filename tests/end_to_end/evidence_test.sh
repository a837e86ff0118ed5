#!/usr/bin/env bash
# What was seen of a container before it was restarted is there afterwards, without its secrets: of one
# without a terminal, and of one with.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# The sample app says "listening on port 8080" when it starts: that word is a secret here, and so is
# its program's path.
secrets=(
  --env API_TOKEN=listening
  --env START_KEY=/sample-app
  --env UNLISTED_PIN=4711
  --env "STORE=postgres://app:hunter22@store/shop"
  --env GREETING=hello
)

# expect_evidence APP FILTER: that jq finds it to be true of the first attempt's evidence.
expect_evidence() {
  incident_is "$1" ".attempts[0].evidence | $2" ||
    fail "evidence of $1, expected $2: $(incident "$1" '.attempts[0].evidence')"
}

expect_masked_evidence() {
  local name=$1 word
  expect_evidence "$name" '.alert.alertname == "SelfhealProbeFailing"'
  expect_evidence "$name" '.container | .state == "running" and .exit_code == 0 and .command == ["***"]'
  expect_evidence "$name" '.container.environment | .API_TOKEN == "***" and .STORE == "***"
    and .UNLISTED_PIN == "***" and .GREETING == "hello"'
  expect_evidence "$name" '.logs.lines[-1] | test("^[0-9-]+T[0-9:.]+Z [*]{3} on port 8080$")'
  expect_evidence "$name" '.top | .titles[-1] == "CMD" and .processes[0][-1] == "***"'
  expect_evidence "$name" '.stats.cpu_seconds > 0 or (.stats | has("error"))'
  for word in listening hunter22 4711 /sample-app; do
    [[ $(incident "$name" '.attempts[0].evidence | del(.container.image)') != *"$word"* ]] ||
      fail "the secret $word is in the evidence of $name"
  done
}

begin_test
run_app plain "${watched[@]}" "${secrets[@]}"
run_app terminal "${watched[@]}" "${secrets[@]}" --tty
be_quick
echo "evidence: {mask: ['_PIN$'], queries: {up: 'up{host={{host}}}'}}" >>"$remediator_config"
start_lone_remediator
await_ready remediator
for name in plain terminal; do
  tell "$name"
  await_recovery "$name"
  expect_masked_evidence "$name"
  expect_evidence "$name" '.queries.up.error == "there is no --prometheus.url"'
  shown "$name: its log, processes and environment are kept, and no secret of it, in $(incident "$name" '.attempts[0].evidence.took_seconds') s"
done
[[ $(metric remediator selfheal_remediator_docker_call_duration_seconds_count 'call="logs"') == 2 ]] ||
  fail "the logs were not read once for each attempt"

# Off, nothing is asked for.
end_daemon remediator TERM
be_quick
echo "evidence: {enabled: false}" >>"$remediator_config"
start_lone_remediator
await_ready remediator
life=$(app_life plain)
watch_events plain
tell plain
await_recovery plain
expect_one_restart plain "$life"
expect_equal "evidence that is off" null "$(incident plain '.attempts[-1].evidence')"
expect_equal "reads of logs" "" "$(metric remediator selfheal_remediator_docker_call_duration_seconds_count 'call="logs"')"
shown "off: restarted without"
