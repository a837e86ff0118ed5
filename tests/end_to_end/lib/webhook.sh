# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# Alertmanager's part, played by the test: its payload, and its POST.

engine_host() { docker info --format '{{.Name}}'; }

# alert APP-OR-NAME [JQ FILTER]: the payload of one firing alert for it, changed by FILTER.
alert() {
  local container=${app_name[$1]:-$1}
  jq -n --arg host "$(engine_host)" --arg container "$container" \
    --arg now "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" \
    --arg fingerprint "$(md5sum <<<"$container" | cut -c -16)" '{
      version: "4", groupKey: "{}", truncatedAlerts: 0, status: "firing",
      receiver: "selfheal-remediator", groupLabels: {}, commonLabels: {}, commonAnnotations: {},
      externalURL: "http://127.0.0.1:9093",
      alerts: [{
        status: "firing",
        labels: {alertname: "SelfhealProbeFailing", host: $host, container: $container,
          group: $container, remediation: "restart", severity: "none"},
        annotations: {}, startsAt: $now, endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "", fingerprint: $fingerprint}]}
    | '"${2:-.}"
}

right_token() { echo "Authorization: Bearer $(<"$session_dir/webhook.token")"; }

# post_webhook BODY-FILE [HEADER]: the status code goes to webhook_status, the reply to
# webhook_reply. Without HEADER it brings the right token; an empty one brings none.
post_webhook() {
  local body=$1 header=${2-$(right_token)}
  webhook_status=$(curl -s -m 10 -o "$session_dir/reply" -w '%{http_code}' \
    -H 'Content-Type: application/json' ${header:+-H "$header"} --data-binary "@$body" \
    "$(url_of remediator)/api/v1/alerts") || true
  webhook_reply=$(cat "$session_dir/reply" 2>/dev/null || true)
}

# tell APP [JQ FILTER]: an alert that is accepted.
tell() {
  post_webhook <(alert "$@")
  expect_equal "the answer to a good webhook" 200 "$webhook_status"
}
