#!/usr/bin/env bash
# The rule files, prometheus.yml and alertmanager.yml are valid, and scripts can still derive their own copies with sed.
set -euo pipefail
cd "$(dirname "$0")/../.."

${PROMTOOL:-promtool} check rules --lint=all --lint-fatal rules/*.rules.yml rules/swarm/*.rules.yml
${PROMTOOL:-promtool} check config --lint=all --lint-fatal prometheus/prometheus.yml
${AMTOOL:-amtool} check-config alertmanager/alertmanager.yml

status=0
fault() { echo "$*" >&2; status=1; }

# lines COUNT TEXT FILE: compose/demo, the tests and the benchmarks replace this text, once in a line.
lines() {
  local count
  count=$(grep -cF -- "$2" "$3") || true
  [[ $count == "$1" ]] || fault "$3 must contain '$2' on $1 lines, not on $count"
}
lines 1 'scrape_interval: 5s' prometheus/prometheus.yml
lines 1 'evaluation_interval: 5s' prometheus/prometheus.yml
lines 1 '127.0.0.1:10115' prometheus/prometheus.yml
lines 1 '127.0.0.1:10116' prometheus/prometheus.yml
lines 1 '127.0.0.1:9090' prometheus/prometheus.yml
lines 2 '127.0.0.1:9093' prometheus/prometheus.yml # where alerts go, and what is scraped
lines 1 '../rules/*.rules.yml' prometheus/prometheus.yml
lines 1 '127.0.0.1:10116' alertmanager/alertmanager.yml
lines 1 'webhook.token' alertmanager/alertmanager.yml

# What the remediator relies on: alertmanager/README.md says why.
machine_route=$(sed -n "/remediation!=\"\"/,/mute_time_intervals/p" alertmanager/alertmanager.yml | sed 's/^ *//')
wanted="- matchers: ['remediation!=\"\"']
receiver: selfheal-remediator
group_by: ['...']
group_wait: 0s
group_interval: 1s
repeat_interval: 15s
mute_time_intervals: [maintenance]"
[[ $machine_route == "$wanted" ]] || fault "the machine's route is not what README.md says, but:
$machine_route"
if grep -nE '^ *continue: *true' alertmanager/alertmanager.yml; then
  fault 'machine and people have separate alerts: no route may go on to the next'
fi

# An inhibited trigger is never delivered, so every inhibition spares them.
if grep 'target_matchers:' alertmanager/alertmanager.yml | grep -vF 'remediation=""'; then
  fault 'these inhibitions may mute a trigger: their target needs remediation=""'
fi
# One line each, so that these checks see them.
[[ $(grep -c 'target_matchers: *\[.*\]$' alertmanager/alertmanager.yml) == $(grep -c 'source_matchers:' alertmanager/alertmanager.yml) ]] ||
  fault 'each inhibition has its target_matchers on one line'
for always in SelfhealNotHealed SelfhealOutcome; do
  if grep 'target_matchers:' alertmanager/alertmanager.yml | grep -F "$always" | grep -vF "alertname!=\"$always\""; then
    fault "$always must always be told: no inhibition may have it as its target"
  fi
done

# As the demo and the benchmarks do it: without what people read, nothing of theirs is left to fail.
machine_only=$(sed -f alertmanager/machine-only.sed alertmanager/alertmanager.yml)
if grep -nE '^[^#]*(slack|pagerduty)' <<<"$machine_only"; then
  fault 'alertmanager/machine-only.sed leaves these of what people read'
fi
${AMTOOL:-amtool} check-config /dev/stdin <<<"$machine_only"
exit $status
