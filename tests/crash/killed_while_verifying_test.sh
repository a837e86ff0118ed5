#!/usr/bin/env bash
# Killed between the restart and the proof that it helped.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

begin_crash_test
tell app
await 10 "the attempt is being verified" incident_is app '.state == "verifying"'
end_daemon remediator KILL
shown "killed while it verified"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
expect_metric 1 remediator selfheal_remediator_attempt_duration_seconds_count
