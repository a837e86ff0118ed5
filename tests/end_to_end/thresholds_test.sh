#!/usr/bin/env bash
# Thresholds change without a restart of anything: by an override in the exporter's configuration,
# and by one line of PromQL.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# The daemons' process ids, and the container beside the one that is broken.
everybody() {
  local name
  for name in exporter remediator prometheus alertmanager; do process_pid "$name"; done
  app_life other
}

override_threshold() {
  cat >"$exporter_config" <<YAML
overrides:
  - {container: ${app_name[app]}, labels: {selfheal.failure-threshold: "$1"}}
YAML
}

threshold_is() { prometheus_says "selfheal_probe_failure_threshold{container=\"${app_name[app]}\"}" "$1"; }

tell_to_reload() { kill -HUP "$(process_pid "$1")"; }

# Broken for as long as three failures take several times over.
expect_patience() {
  break_app app error
  await 10 "the app fails" prometheus_says "selfheal_probe_success{container=\"${app_name[app]}\"}" 0
  sleep 5
  expect_same_life app "$life"
}

expect_healed() {
  await 30 "the app is healed" app_healthy app
  await_recovery app
  [[ $(app_life app) != "$life" ]] || fail "the app was not restarted"
  life=$(app_life app)
}

rules_hold() { prometheus_says 'count(selfheal:container_healthy == 1)' 2; }

begin_test
for app in app other; do run_app "$app" "${watched[@]}"; done
exporter_config=$session_dir/exporter.yml
override_threshold 3
start_chain 2
before=$(everybody)
life=$(app_life app)

override_threshold 300
tell_to_reload exporter
await 10 "the override is taken up" threshold_is 300
expect_patience
shown "by an override: a threshold of 300 is waited for"
override_threshold 3
tell_to_reload exporter
expect_healed
shown "and with 3 it is healed"

cp -r rules "$session_dir/rules"
sed -i "s|$repo_root/rules/|$session_dir/rules/|" "$session_dir/prometheus.yml"
readonly line='max by (host, container, probe) (selfheal_probe_failure_threshold{container!=""})'
expect_equal "lines with the threshold" 1 "$(grep -cF "$line" "$session_dir/rules/selfheal-machine.rules.yml")"
sed -i "s|$line|100 * &|" "$session_dir/rules/selfheal-machine.rules.yml"
tell_to_reload prometheus
await 20 "the rules are evaluated" rules_hold
expect_patience
shown "by a line of PromQL: a hundred times the threshold is waited for"
cp rules/selfheal-machine.rules.yml "$session_dir/rules/"
tell_to_reload prometheus
expect_healed
shown "and with the old line it is healed"
expect_equal "the daemons and the other container" "$before" "$(everybody)"
