#!/usr/bin/env bash
# An orderly stop waits for the restart that is under way: cut off, an engine before 25 would leave
# the container stopped for as long as the remediator is away.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

app_arguments=(--stop-signal URG --label selfheal.stop-timeout=2)
begin_crash_test
tell app
await_log app-events '^kill$'
told_at=$(now_ms)
end_daemon remediator TERM
took_ms=$(($(now_ms) - told_at))
expect_equal "the exit status after SIGTERM" 0 "$ended_with"
((took_ms < 5000)) || fail "it took $took_ms ms to stop"
expect_one_restart app "$life_before"
shown "stopped in $took_ms ms, after the restart that Docker was at"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
