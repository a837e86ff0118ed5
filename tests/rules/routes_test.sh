#!/usr/bin/env bash
# Which receiver gets which alert: work goes to the remediator only, everything else to people.
set -euo pipefail
cd "$(dirname "$0")/../.."

goes_to() {  # RECEIVERS LABEL=VALUE…
  echo "$*"
  ${AMTOOL:-amtool} config routes test --config.file=alertmanager/alertmanager.yml \
    --verify.receivers="$1" "${@:2}" 2>&1 | grep -v 'flag overrides'
}
goes_to selfheal-remediator alertname=SelfhealProbeFailing remediation=restart severity=none host=h group=g container=app
goes_to selfheal-remediator alertname=SelfhealContainerDown remediation=start severity=none host=h group=g container=app
goes_to selfheal-remediator alertname=AnyoneElses remediation=restart severity=critical host=h container=app
goes_to selfheal-remediator alertname=Watchdog severity=none
goes_to people alertname=SelfhealNotHealed severity=critical host=h group=g container=app
goes_to people alertname=SelfhealCrashLoop severity=critical host=h group=g container=app
goes_to people alertname=SelfhealTargetFailing severity=critical target=shop group=shops team=blue
goes_to people alertname=SelfhealRemediationFailing severity=warning host=h container=app
goes_to people alertname=SelfhealExporterDown severity=critical job=selfheal-exporter
goes_to people alertname=SelfhealRemediatorDown severity=critical job=selfheal-remediator
goes_to people alertname=AnyoneElses severity=warning remediation=
