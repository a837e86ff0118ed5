# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# Both daemons on a Docker that they can't get at, and then can.

# expect_away LOG-PATTERN: each has said it once, counts it, and lives.
expect_away() {
  await_log exporter "level=error .*$1"
  await_log remediator "level=error .*$1"
  await_metric 0 exporter selfheal_exporter_docker_connected
  await_metric 0 remediator selfheal_remediator_docker_connected
  alive exporter || fail "the exporter has given up"
  alive remediator || fail "the remediator has given up"
  shown "both daemons say it, and go on: $(grep -oEm 1 'err=.*' "$session_dir/remediator.log")"
}

# A webhook that comes meanwhile is accepted, and waits.
expect_accepted_while_away() {
  tell app
  await_metric 1 remediator selfheal_remediator_decisions_total 'decision="wait"' 'reason="docker_unreachable"'
}

# expect_back LIFE-BEFORE: without anybody's help.
expect_back() {
  await 20 "the exporter finds Docker" metric_is 1 exporter selfheal_exporter_docker_connected
  await 20 "the remediator finds Docker" metric_is 1 remediator selfheal_remediator_docker_connected
  expect_log_lines 1 exporter 'level=error'
  expect_log_lines 1 remediator 'level=error'
  await_recovery app
  expect_one_restart app "$1"
  await 20 "the app is probed" metric_is 1 exporter selfheal_probe_success "container=\"${app_name[app]}\""
  shown "back, both go on: what was accepted meanwhile was healed, once"
}
