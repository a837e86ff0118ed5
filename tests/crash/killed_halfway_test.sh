#!/usr/bin/env bash
# Killed when Docker had stopped the container and not started it: what engines before 25 leave of a
# restart whose client dies. Nobody else would start it, since it looks like stopped by hand.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
gate half-restart
tell app
await_log gate '^stopped-unanswered POST .*/restart$'
end_daemon remediator KILL
expect_text "the state of the app" exited "$(app_life app)"
shown "killed between the stop and the start of a restart"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
