#!/usr/bin/env bash
# Killed when the attempt had ended and nobody was told of it yet.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

alerts() { curl -sf -m 2 "$(url_of alertmanager)/api/v2/alerts"; }

told() { [[ $(alerts | jq -r '.[].labels | "\(.container) \(.outcome) \(.attempt)"') == "${app_name[app]} recovered 1" ]]; }

begin_test
run_app app "${watched[@]}" "${app_arguments[@]}"
watch_events app
life_before=$(app_life app)
pick_any_port alertmanager
printf '%s\n' 'route: {receiver: nobody}' 'receivers: [{name: nobody}]' >"$session_dir/alertmanager.yml"
remediator_flags=(--alertmanager.url "$(url_of alertmanager)")
start_quick_remediator
tell app
expect_healed_once
await_log remediator 'level=warn .*outcomes can.t be told'
expect_equal "when it was told" null "$(incident app '.outcomes[0].told_at')"
end_daemon remediator KILL
shown "killed while there was no Alertmanager to tell of the recovery"

start_alertmanager
await_ready alertmanager
start_quick_remediator
await 10 "the outcome is told by the next process" told
await 10 "and is marked so" incident_is app '.outcomes | length == 1 and .[0].told_at != null'
expect_metric 0 remediator selfheal_remediator_outcome_posts_failed_total
shown "told by the next process: $(alerts | jq -r '.[0].annotations.description')"
