# shellcheck shell=bash
# A remediator behind a gate in front of Docker's socket (docker_gate/gate.h): what it asks of Docker
# gets stuck where the test wants it, and there it is killed.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"

app_arguments=(--label selfheal.stop-timeout=1) # of docker run

# An app and its events, the gate, the remediator.
begin_crash_test() {
  begin_test
  run_app app "${watched[@]}" "${app_arguments[@]}"
  watch_events app
  life_before=$(app_life app)
  start_gate
  use_gate
  start_quick_remediator
}

# come_back: another remediator on what the first has left behind; nothing is stuck any more.
come_back() {
  gate pass
  start_quick_remediator
}

# Whatever happened, it ends with one restart and an incident that is closed by a proof.
expect_healed_once() {
  await_recovery app
  expect_one_restart app "$life_before"
  expect_equal "attempts that were verified" 1 \
    "$(incident app '[.attempts[] | select(.result == "verified")] | length')"
  expect_equal "incidents" 1 "$(remediator_get "incidents?container=${app_name[app]}" | jq '.incidents | length')"
  shown "exactly one restart; the incident was closed as $(incident app '"\(.outcome) after \(.duration_seconds * 10 | round / 10) s"')"
}
