#!/usr/bin/env bash
# Accepted with 200, then killed before it could even look at the container.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
gate hold-inspect
tell app
await_log gate '^held GET .*/json$'
end_daemon remediator KILL
expect_same_life app "$life_before"
shown "killed after the webhook was accepted, before a decision"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
