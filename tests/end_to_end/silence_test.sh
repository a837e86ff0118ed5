#!/usr/bin/env bash
# A silence pauses healing of what it matches: broken and not restarted; expired: restarted.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

silences() { amtool --alertmanager.url="$(url_of alertmanager)" silence "$@"; }

firing() {
  prometheus_says "count(ALERTS{alertstate=\"firing\",remediation!=\"\",container=\"${app_name[app]}\"})" 1
}

begin_test
for app in app one two; do run_app "$app" "${watched[@]}"; done
watch_events app
life=$(app_life app)
start_chain 3

id=$(silences add --author=test --comment='a person looks at it' "container=${app_name[app]}")
break_app app error
await 20 "the alert for the app fires" firing
sleep 10 # ten times the time in which it would be restarted
expect_same_life app "$life"
expect_equal "incidents" "" "$(incident app .id)"
shown "silenced: broken, the alert fires, and nothing was done in 10 s"

silences expire "$id"
await 30 "the app is healed" app_healthy app
await_recovery app
expect_one_restart app "$life"
shown "the silence expired: restarted"
