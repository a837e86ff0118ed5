#!/usr/bin/env bash
# Docker's socket is not there, and comes later.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/away.sh
source tests/end_to_end/lib/away.sh

begin_test
run_app app "${watched[@]}"
watch_events app
life=$(app_life app)
use_gate
be_quick
start_lone_exporter
start_lone_remediator
await 10 "the remediator listens" alive remediator
await 10 "the exporter listens" alive exporter
expect_away 'No such file or directory'
expect_accepted_while_away
start_gate
expect_back "$life"
