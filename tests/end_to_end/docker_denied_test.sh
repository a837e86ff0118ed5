#!/usr/bin/env bash
# Docker's socket is there, but not for the user the daemons run as, until somebody allows it.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/away.sh
source tests/end_to_end/lib/away.sh

readonly nobody=65534

# Root may do all: as root, the daemons run as nobody, from where nobody can read them.
run_daemons_as_nobody() {
  is_root || return 0
  chmod 755 "$session_dir"
  chown "$nobody" "$session_dir"
  cp "$exporter_program" "$remediator_program" "$session_dir"
  local as_nobody=(setpriv --reuid "$nobody" --regid "$nobody" --clear-groups)
  # shellcheck disable=SC2034 # for the daemons that are started
  exporter_as=("${as_nobody[@]}" "$session_dir/selfheal-exporter")
  # shellcheck disable=SC2034
  remediator_as=("${as_nobody[@]}" "$session_dir/selfheal-remediator")
}

begin_test
run_app app "${watched[@]}"
watch_events app
life=$(app_life app)
start_gate
use_gate
chmod 000 "$(gate_socket)"
run_daemons_as_nobody
be_quick
start_lone_exporter
start_lone_remediator
await 10 "the remediator listens" alive remediator
await 10 "the exporter listens" alive exporter
expect_away 'Permission denied.*is this user in the group that owns the socket'
expect_accepted_while_away
chmod 666 "$(gate_socket)"
expect_back "$life"
