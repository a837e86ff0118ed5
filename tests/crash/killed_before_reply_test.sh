#!/usr/bin/env bash
# Killed after Docker has done the restart, before the reply came.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
gate lose-reply
tell app
await_log gate '^done-unanswered POST .*/restart$'
end_daemon remediator KILL
[[ $(app_life app) != "$life_before" ]] || fail "Docker has not restarted it"
shown "killed between the restart and its reply"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
