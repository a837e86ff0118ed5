#!/usr/bin/env bash
# A webhook that can't be taken gets its status code, one log line and a count; what comes after it is
# healed as if nothing had been.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# expect_refusal STATUS WHY BODY-FILE [HEADER]
expect_refusal() {
  local before
  before=$(metric remediator selfheal_remediator_webhook_requests_total "code=\"$1\"")
  local lines_before
  lines_before=$(log_lines remediator .)
  post_webhook "${@:3}"
  expect_equal "the status for: $2" "$1" "$webhook_status"
  expect_text "the reply" "$2" "$webhook_reply"
  expect_metric $((${before:-0} + 1)) remediator selfheal_remediator_webhook_requests_total "code=\"$1\""
  expect_equal "log lines for: $2" 1 $(($(log_lines remediator .) - lines_before))
  expect_text "the log" "$2" "$(tail -n 1 "$session_dir/remediator.log")"
  shown "$1 $2"
}

begin_test
run_app app "${watched[@]}"
watch_events app
life=$(app_life app)
start_quick_remediator
alert app >"$session_dir/good.json"
head -c 5000000 /dev/zero | tr '\0' ' ' >"$session_dir/long.json"

expect_refusal 400 "the body is not JSON" <(echo '{"version": "4", "alerts": [')
expect_refusal 400 "not a JSON object" <(echo '["version", "4"]')
expect_refusal 400 "the payload's version is" <(alert app '.version = "5"')
expect_refusal 400 "the payload's version is" <(alert app 'del(.version)')
expect_refusal 400 "no list of alerts" <(alert app '.alerts = {}')
expect_refusal 413 "longer than limits.webhook_body_bytes" "$session_dir/long.json"
expect_refusal 401 "no bearer token" "$session_dir/good.json" ""
expect_refusal 401 "not the token" "$session_dir/good.json" "Authorization: Bearer wrong"
expect_refusal 401 "no bearer token" "$session_dir/good.json" "Authorization: Basic $(<"$session_dir/webhook.token")"
expect_refusal 401 "not the token" "$session_dir/good.json" "$(right_token)x"

expect_same_life app "$life"
expect_equal "incidents" 0 "$(remediator_get incidents | jq '.incidents | length')"
post_webhook "$session_dir/good.json"
expect_equal "the status for a good webhook" 200 "$webhook_status"
await_recovery app
expect_one_restart app "$life"
shown "a good webhook right after them was healed"
