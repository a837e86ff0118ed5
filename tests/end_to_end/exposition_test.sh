#!/usr/bin/env bash
# What both daemons publish is as Prometheus' own linter wants it, also with all that comes and goes:
# containers that are watched, attempts, refusals; and as its METRICS.md has it.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# expect_clean DAEMON SERIES...: linter and reference find nothing, and these were there to be looked at.
expect_clean() {
  local daemon=$1 series faults
  shift
  for series in "$@"; do
    [[ -n $(metric "$daemon" "$series") ]] || fail "$daemon does not publish $series"
  done
  faults=$(curl -sf -m 5 "$(url_of "$daemon")/metrics" | promtool check metrics 2>&1) ||
    fail "promtool does not like what $daemon publishes: $faults"
  [[ -z $faults ]] || fail "promtool check metrics on $daemon: $faults"
  shown "promtool check metrics is clean for $daemon"
  curl -sf -m 5 "$(url_of "$daemon")/metrics" | python3 -B tests/metrics/published.py "$daemon" ||
    fail "$daemon/METRICS.md is not what is published, see above"
  shown "names and labels are those of $daemon/METRICS.md"
}

begin_test
run_app app "${watched[@]}" --label selfheal.memory=true --label selfheal.intervall=1s
run_app broken "${watched[@]}" --label "selfheal.depends-on=${app_name[app]}"
start_lone_exporter
start_quick_remediator
await_ready exporter
tell "$(container_name nobody)"
post_webhook <(echo nonsense)
tell app
break_app broken error
await_recovery app
await_metric 3 exporter selfheal_probe_failure_threshold "container=\"${app_name[broken]}\""
await 10 "the exporter counts failures" eval \
  "[[ \$(metric exporter selfheal_probe_failures_total 'container=\"${app_name[broken]}\"') -ge 3 ]]"
# What was read in the midst of its restart is read again after 15 s.
await 20 "the exporter has read the memory" eval "[[ -n \$(metric exporter selfheal_container_memory_usage_bytes) ]]"
expect_clean exporter selfheal_probe_healthy selfheal_container_info selfheal_probe_duration_seconds_count \
  selfheal_container_restarts_total selfheal_container_depends_on selfheal_exporter_label_errors_total \
  selfheal_probe_last_failure_info process_open_fds
expect_clean remediator selfheal_remediator_attempts_total selfheal_remediator_decisions_total \
  selfheal_remediator_attempt_duration_seconds_count selfheal_remediator_docker_call_duration_seconds_count \
  selfheal_remediator_incident_open process_open_fds
