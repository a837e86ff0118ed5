#!/usr/bin/env bash
# Broken again 3 s after it was healed, while the first recovery is not proven yet: healed as fast as
# the first time.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# A failure that had to wait for the first one's proof would take 8 s and more.
readonly slowest_ms=6000

# expect_both_fast MODE: of the app of that name.
expect_both_fast() {
  local mode=$1 first_ms second_ms
  heal "$mode" "$mode"
  first_ms=$healed_ms
  sleep 3 # what is tried
  heal "$mode" "$mode"
  second_ms=$healed_ms
  shown "$mode: healed in $(seconds_of_ms "$first_ms") s, and in $(seconds_of_ms "$second_ms") s when it broke again after 3 s"
  ((first_ms < slowest_ms && second_ms < slowest_ms)) || fail "that is too slow: $(incident "$mode")"
}

expect_proven() {
  local mode=$1
  await_recovery "$mode"
  expect_equal "how the attempts ended" relapsed,verified \
    "$(incident "$mode" '[.attempts[].result] | join(",")')"
}

begin_test
for app in error hang one two; do run_app "$app" "${watched[@]}"; done
start_chain 4
for mode in error hang; do expect_both_fast "$mode"; done
for mode in error hang; do expect_proven "$mode"; done
