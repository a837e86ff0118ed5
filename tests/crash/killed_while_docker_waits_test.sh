#!/usr/bin/env bash
# Killed while Docker waits for an app that does not obey its stop signal: what a real engine makes of
# a restart whose client is gone.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

app_arguments=(--stop-signal URG --label selfheal.stop-timeout=2)
begin_crash_test
tell app
await_log app-events '^kill$'
end_daemon remediator KILL
expect_same_life app "$life_before"
shown "killed while Docker waited for the app to stop"
come_back
expect_healed_once
expect_equal "attempts" 1 "$(incident app '.attempts | length')"
