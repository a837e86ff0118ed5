#!/usr/bin/env bash
# Docker was there, goes away for a while, and comes back.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/away.sh
source tests/end_to_end/lib/away.sh

begin_test
run_app app "${watched[@]}"
watch_events app
life=$(app_life app)
start_gate
use_gate
start_lone_exporter
start_quick_remediator
await_ready exporter
await_metric 1 exporter selfheal_probe_success "container=\"${app_name[app]}\""

end_daemon gate TERM
run_app late "${watched[@]}"
expect_away 'Docker (can.t be reached|does not answer)'
expect_accepted_while_away
await_metric 1 exporter selfheal_probe_success "container=\"${app_name[app]}\""
shown "the app is probed on, meanwhile"
start_gate
expect_back "$life"
await 20 "what came meanwhile is probed" metric_is 1 exporter selfheal_probe_success "container=\"${app_name[late]}\""
