#!/usr/bin/env bash
# An orderly stop does not wait for the proof, and forgets nothing either.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
tell app
await 10 "the attempt is being verified" incident_is app '.state == "verifying"'
told_at=$(now_ms)
end_daemon remediator TERM
took_ms=$(($(now_ms) - told_at))
expect_equal "the exit status after SIGTERM" 0 "$ended_with"
((took_ms < 5000)) || fail "it took $took_ms ms to stop"
shown "stopped while it verified, in $took_ms ms"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
