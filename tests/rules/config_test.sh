#!/usr/bin/env bash
# The rule files, prometheus.yml and alertmanager.yml are valid, and scripts can still derive their own copies with sed.
set -euo pipefail
cd "$(dirname "$0")/../.."

${PROMTOOL:-promtool} check rules --lint=all --lint-fatal rules/*.rules.yml
${PROMTOOL:-promtool} check config --lint=all --lint-fatal prometheus/prometheus.yml
${AMTOOL:-amtool} check-config alertmanager/alertmanager.yml

status=0
once() {  # TEXT FILE: compose/demo, the tests and the benchmarks replace this text
  local count
  count=$(grep -cF -- "$1" "$2") || true
  if [[ $count != 1 ]]; then
    echo "$2 must contain '$1' on exactly one line, not on $count" >&2
    status=1
  fi
}
once 'scrape_interval: 5s' prometheus/prometheus.yml
once 'evaluation_interval: 5s' prometheus/prometheus.yml
once '127.0.0.1:10115' prometheus/prometheus.yml
once '127.0.0.1:10116' prometheus/prometheus.yml
once '127.0.0.1:9093' prometheus/prometheus.yml
once '../rules/*.rules.yml' prometheus/prometheus.yml
once '127.0.0.1:10116' alertmanager/alertmanager.yml
once 'webhook.token' alertmanager/alertmanager.yml

# An inhibited trigger is never delivered, so every inhibition spares them.
if grep 'target_matchers:' alertmanager/alertmanager.yml | grep -vF 'remediation=""'; then
  echo 'these inhibitions may mute a trigger: their target needs remediation=""' >&2
  status=1
fi
exit $status
