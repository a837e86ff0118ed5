#!/usr/bin/env bash
# Killed with the attempt written down and the request on its way, which Docker never got.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
gate lose-restart
tell app
await_log gate '^held POST .*/restart$'
end_daemon remediator KILL
expect_same_life app "$life_before"
shown "killed while the request to restart was lost on its way to Docker"
come_back
expect_healed_once
# The lost one is not repeated blindly: it is given up when Docker can't be at it any more.
expect_equal "the first attempt" no_effect "$(incident app '.attempts[0].result')"
