#!/usr/bin/env bash
# Every alert says what it is: a summary that is always the same, a description of the case at hand, and the way to its own
# heading in rules/README.md, under which stands what it means, what selfheal does, what to check and which query to ask.
# And no heading has lost its alert.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=https://selfheal.invalid/rules/README.md
status=0
fault() { echo "$*" >&2; status=1; }

# block FILE NUMBER: the lines of the alert at that line, up to the next rule.
block() { awk -v from="$2" 'NR > from && /^ ? ?(- |#)/ {exit} NR >= from' "$1"; }

# section NAME: what stands under its heading.
section() { awk -v heading="### $1" '$0 == heading {inside = 1; next} /^##/ {inside = 0} inside' rules/README.md; }

check_alert() {  # FILE ALERT TEXT
  local file=$1 alert=$2 text=$3 name="$1: $2"
  grep -qE '^ *summary: [^{]+\.$' <<<"$text" || fault "$name: the summary must be one sentence without a template"
  grep -qE '^ *description: .+\.'\''$' <<<"$text" || fault "$name: has no description that ends with a full stop"
  [[ $alert == Watchdog ]] || grep -qE '^ *description: .*\{\{' <<<"$text" ||
    fault "$name: the description must name what is meant"
  grep -qx " *runbook_url: $base#${alert,,}" <<<"$text" || fault "$name: the runbook_url must be $base#${alert,,}"
  grep -qE '^ *labels: \{.*severity: (critical|warning|none)' <<<"$text" || fault "$name: has no severity"
  case $file:$alert in
    *-swarm.rules.yml:SelfhealServiceFailing)
      grep -qx ' *labels: {remediation: service-update, severity: none}' <<<"$text" || fault "$name: is to be a trigger of service-update" ;;
    *-machine.rules.yml:*)
      grep -qE '^ *labels: \{remediation: (restart|start), severity: none\}$' <<<"$text" ||
        fault "$name: a trigger has a remediation and severity none" ;;
    *) ! grep -qE '^ *labels: .*remediation' <<<"$text" || fault "$name: what is for people has no remediation" ;;
  esac
}

check_section() {  # ALERT
  local text
  text=$(section "$1")
  [[ -n $text ]] || { fault "$1 has no heading '### $1' in rules/README.md"; return; }
  local part
  for part in '**Means**' '**selfheal**' '**Check**'; do
    grep -qF "$part" <<<"$text" || fault "rules/README.md: under $1 there is no $part"
  done
  [[ $(grep -E '^ *```' <<<"$text") == $'```promql\n```' ]] ||
    fault "rules/README.md: under $1 there is not one block with a query"
}

# Each as a rule, for promtool takes a query alone only to ask a Prometheus.
check_queries() {
  local query number=0 rules
  rules=$(mktemp)
  printf 'groups:\n- name: queries\n  rules:\n' >"$rules"
  while IFS= read -r query; do
    printf -- '  - record: query:%d\n    expr: >-\n      %s\n' $((++number)) "$query" >>"$rules"
  done < <(awk '/^```promql$/ {inside = 1; next} /^```$/ {inside = 0} inside' rules/README.md)
  ((number > 0)) || fault 'no queries found in rules/README.md'
  ${PROMTOOL:-promtool} check rules "$rules" || fault "rules/README.md: these of the runbooks' queries are none"
  rm -f "$rules"
}

alerts=()
for file in rules/*.rules.yml rules/swarm/*.rules.yml; do
  while IFS=: read -r number alert; do
    alert=${alert##* }
    alerts+=("$alert")
    check_alert "$file" "$alert" "$(block "$file" "$number")"
  done < <(grep -nE '^ *- alert: ' "$file")
done
((${#alerts[@]} > 0)) || fault 'no alerts found in rules/'

for alert in $(printf '%s\n' "${alerts[@]}" | sort -u); do check_section "$alert"; done
check_queries
for heading in $(sed -n 's/^### //p' rules/README.md); do
  [[ " ${alerts[*]} " == *" $heading "* ]] || fault "rules/README.md describes $heading, which is no alert"
done
exit $status
