#!/usr/bin/env bash
# A label that can't be parsed costs its container that label, and nobody else anything.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

of() { echo "container=\"${app_name[$1]}\""; }

begin_test
run_app faulty --label selfheal.enable=true --label selfheal.probe=http://:8080/health \
  --label selfheal.interval=soon --label selfheal.timeout=500ms
run_app good "${watched[@]}"
start_lone_exporter
await_ready exporter

await_metric 1 exporter selfheal_probe_success "$(of good)"
expect_metric 1 exporter selfheal_probe_interval_seconds "$(of good)"
shown "the good container beside it is probed as it asks for"

expect_metric 1 exporter selfheal_exporter_label_errors_total "$(of faulty)"
expect_metric 15 exporter selfheal_probe_interval_seconds "$(of faulty)"
await_metric 1 exporter selfheal_probe_success "$(of faulty)"
docker pause "${app_name[faulty]}" >/dev/null # what makes the exporter look again
await_metric 1 exporter selfheal_container_state "$(of faulty)" 'state="paused"'
docker unpause "${app_name[faulty]}" >/dev/null
await_metric 1 exporter selfheal_container_state "$(of faulty)" 'state="running"'
expect_metric 1 exporter selfheal_exporter_label_errors_total "$(of faulty)"
expect_log_lines 1 exporter "container=${app_name[faulty]} label=selfheal.interval value=soon"
shown "$(grep -oE 'msg="a label.*' "$session_dir/exporter.log" | grep "${app_name[faulty]}")"
