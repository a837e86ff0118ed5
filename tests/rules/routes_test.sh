#!/usr/bin/env bash
# Which receiver gets which alert. Every alert of rules/ stands in the table with its severity, so none is routed without
# a thought; and nothing stands in it that is no alert any more.
set -euo pipefail
cd "$(dirname "$0")/../.."

status=0
fault() { echo "$*" >&2; status=1; }

# By the labels that the rule sets: work, a page, or a message.
table='
SelfhealProbeFailing         none      selfheal-remediator
SelfhealProbeHanging         none      selfheal-remediator
SelfhealContainerUnhealthy   none      selfheal-remediator
SelfhealContainerDown        none      selfheal-remediator
SelfhealErrorRateHigh        none      selfheal-remediator
SelfhealLatencyHigh          none      selfheal-remediator
SelfhealMemoryHigh           none      selfheal-remediator
SelfhealOomKilled            none      selfheal-remediator
SelfhealServiceFailing       none      selfheal-remediator
SelfhealNodeUnwatched        warning   people-chat
SelfhealNotHealed            critical  people-pager
SelfhealCrashLoop            critical  people-pager
SelfhealNeverPassed          warning   people-outcomes
SelfhealStorm                critical  people-pager
SelfhealFlapping             warning   people-outcomes
SelfhealHealedTooOften       warning   people-outcomes
SelfhealRemediationFailing   warning   people-outcomes
SelfhealBreakerOpen          critical  people-pager
SelfhealRemediationPaused    warning   people-chat
SelfhealAvailabilityBurnFast critical  people-pager
SelfhealAvailabilityBurnSlow warning   people-chat
SelfhealTargetFailing        critical  people-pager
SelfhealTargetNotProbed      warning   people-outcomes
SelfhealCertificateExpiring  warning   people-outcomes
SelfhealCertificateExpiring  critical  people-pager
SelfhealLabelErrors          warning   people-outcomes
SelfhealExporterDown         critical  people-pager
SelfhealRemediatorDown       critical  people-pager
SelfhealDockerUnreachable    critical  people-pager
SelfhealJournalNotWritable   critical  people-pager
SelfhealPipelineSilent       critical  people-pager
SelfhealNotificationsFailing critical  people-pager
SelfhealRulesFailing         critical  people-pager
SelfhealConfigReloadFailed   warning   people-chat
Watchdog                     none      watchdog
'
# The warnings that are about no container.
declare -A without_container=([SelfhealRemediationPaused]=1 [SelfhealAvailabilityBurnSlow]=1 [SelfhealConfigReloadFailed]=1
  [SelfhealServiceFailing]=1 [SelfhealNodeUnwatched]=1 [Watchdog]=1)

goes_to() {  # RECEIVER LABEL=VALUE…
  local output
  output=$(${AMTOOL:-amtool} config routes test --config.file=alertmanager/alertmanager.yml \
    --verify.receivers="$1" "${@:2}" 2>&1) || fault "${*:2} must go to $1: $output"
}

# ALERT SEVERITY LABEL=VALUE… of each rule.
alerts_in_rules() {
  sed -nE 's/^ *- alert: *([[:alnum:]_]+).*/alert \1/p; s/^    labels: *\{(.*)\}.*/labels \1/p' rules/*.rules.yml rules/swarm/*.rules.yml |
    awk '$1 == "alert" {name = $2; next}
         name != "" {
           sub(/^labels /, ""); gsub(/: */, "="); gsub(/, */, " ")
           severity = $0; if (!sub(/.*severity=/, "", severity)) severity = "no-severity"; sub(/ .*/, "", severity)
           print name, severity, $0; name = ""
         }'
}

found=$(alerts_in_rules)
names=$(sed -nE 's/^ *- alert: *([[:alnum:]_]+).*/\1/p' rules/*.rules.yml rules/swarm/*.rules.yml)
[[ $(wc -l <<<"$found") == $(wc -l <<<"$names") ]] || fault 'the labels of some alerts in rules/ are not on one line'

while read -r name severity labels; do
  receiver=$(awk -v n="$name" -v s="$severity" '$1 == n && $2 == s {print $3}' <<<"$table")
  if [[ -z $receiver ]]; then
    fault "$name with severity $severity is not in the table of $0: say where it must go"
    continue
  fi
  subject=(host=h group=g)
  [[ -n ${without_container[$name]:-} ]] || subject+=(container=app)
  # shellcheck disable=SC2086 # several labels
  goes_to "$receiver" "alertname=$name" $labels "${subject[@]}"
done <<<"$found"
while read -r name severity _; do
  [[ -z $name ]] || grep -q "^$name $severity " <<<"$found" || fault "$name with severity $severity is in the table, but no rule makes it"
done <<<"$table"

# What the remediator posts.
for outcome in recovered failed expired breaker_open; do
  goes_to people-outcomes alertname=SelfhealOutcome severity=warning "outcome=$outcome" host=h group=g container=app incident=7 attempt=1
done
goes_to people-outcomes alertname=SelfhealOutcome severity=info outcome=recovered host=h group=g container=app incident=7 attempt=2

# What others make: `remediation` alone makes it work, and an empty one is none.
goes_to selfheal-remediator alertname=AnyoneElses remediation=restart severity=critical host=h container=app
goes_to people-chat alertname=AnyoneElses severity=warning remediation=
goes_to people-pager alertname=AnyoneElses severity=critical
goes_to people-outcomes alertname=AnyoneElses severity=warning container=app
goes_to people-chat alertname=AnyoneElses

exit $status
