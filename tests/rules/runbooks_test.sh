#!/usr/bin/env bash
# Every alert links to a heading of its own name in rules/README.md, has a test, and no heading has lost its alert.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=https://github.com/selfheal/selfheal/blob/main/rules/README.md
status=0
fault() { echo "$*" >&2; status=1; }

alerts=$(sed -n 's/^ *- alert: *//p' rules/*.rules.yml)
[[ -n $alerts ]] || fault 'no alerts found in rules/'
for alert in $alerts; do
  grep -qx "### $alert" rules/README.md || fault "$alert has no heading '### $alert' in rules/README.md"
  grep -qx " *runbook_url: $base#${alert,,}" rules/*.rules.yml || fault "$alert has no runbook_url $base#${alert,,}"
  grep -q "alertname: $alert\b" tests/rules/*.test.yml || fault "$alert has no unit test"
done
for heading in $(sed -n 's/^### //p' rules/README.md); do
  grep -qx "$heading" <<<"$alerts" || fault "rules/README.md describes $heading, which is no alert"
done
exit $status
