# shellcheck shell=bash
# What happened when, as the parts themselves report it. Times are milliseconds since the epoch.
#
# at[MODE.STEP] holds the first moment that was seen of each step; incident[MODE] the remediator's
# incident. Both outlive the look that found them: exporter and alerts forget once it is healed.

readonly recovery_timeout_s=90
readonly closing_timeout_s=60

declare -A at=() incident=() alertmanager_saw=()

# From seconds with a fraction, or 1.7e+09; nothing for nothing or 0.
ms_of_seconds() { awk -v s="${1:-0}" 'BEGIN {if (s > 0) printf "%.0f", s * 1000}'; }

# mark MODE STEP [MS]: the first time counts.
mark() {
  if [[ -n ${3:-} && -z ${at[$1.$2]:-} ]]; then at[$1.$2]=$3; fi
}

seen() { [[ -n ${at[$1.$2]:-} ]]; }

# The start of the first failed probe; of a crash, which no probe has to notice, when it died.
observe_failure() {
  local mode=$1 metrics
  seen "$mode" probe && return 0
  if [[ $mode == crash ]]; then
    metrics=$(docker inspect --format '{{if ne .State.ExitCode 0}}{{.State.FinishedAt}}{{end}}' "${app_name[broken]}")
    mark "$mode" probe "$(ms_of_time "$metrics")"
  else
    metrics=$(curl -s -m 1 "$(url_of exporter)/metrics" || true)
    mark "$mode" probe "$(ms_of_seconds "$(failing_since "$metrics")")"
  fi
}

failing_since() {
  awk -v name="container=\"${app_name[broken]}\"" '
    /^selfheal_probe_failing_since_timestamp_seconds[{]/ && index($0, name) {print $NF; exit}' <<<"$1"
}

# The machine's alerts for the app as Alertmanager has them now: their fingerprints.
observe_alertmanager() {
  local mode=$1 fingerprint
  while read -r fingerprint; do
    [[ -n $fingerprint ]] && alertmanager_saw[$mode.$fingerprint]=yes
  done < <(curl -s -m 1 -G "$(url_of alertmanager)/api/v2/alerts" \
    --data-urlencode "filter=container=\"${app_name[broken]}\"" --data-urlencode 'filter=remediation=~".+"' |
    jq -r '.[] | select(any(.receivers[]; .name == "selfheal-remediator")) | .fingerprint' 2>/dev/null)
  return 0
}

# The number of the app's newest incident, if it began after the break.
incident_since_break() {
  local mode=$1 newest opened
  newest=$(newest_incident "${app_name[broken]}") || return 0
  opened=$(ms_of_time "$(jq -r .opened_at <<<"$newest")")
  if [[ -n $opened ]] && ((opened >= at[$mode.broken])); then jq .id <<<"$newest"; fi
}

observe_incident() {
  local mode=$1 id detail firing accepted issued
  id=$(incident_since_break "$mode")
  [[ -n $id ]] || return 0
  detail=$(remediator_get "incidents/$id") || return 0
  incident[$mode]=$detail
  IFS='|' read -r firing accepted issued < <(jq -r '
    [[.alerts[].starts_at], [.alerts[].received_at], [.attempts[].requested_at]]
    | map(map(select(. != null)) | min) | join("|")' <<<"$detail")
  mark "$mode" alert "$(ms_of_time "$firing")"
  mark "$mode" webhook "$(ms_of_time "$accepted")"
  mark "$mode" restart "$(ms_of_time "$issued")"
}

# In the background, for these looks take longer than a restart. Right after the break the app may
# still answer: healthy again is only what was unhealthy before.
watch_health() {
  local file=$1 unhealthy=false
  until $unhealthy && app_healthy broken; do
    $unhealthy || app_healthy broken || unhealthy=true
    sleep 0.02
  done
  now_ms >"$file.new"
  mv "$file.new" "$file"
}

start_watching_health() {
  rm -f "$session_dir/healthy"
  watch_health "$session_dir/healthy" &
  remember_process health-watch "$!"
}

observe_health() {
  if [[ -f $session_dir/healthy ]]; then mark "$1" healthy "$(<"$session_dir/healthy")"; fi
}

# seconds_since_break MODE STEP: "1.234", or nothing.
seconds_since_break() {
  seen "$1" "$2" || return 0
  awk -v ms="$((at[$1.$2] - at[$1.broken]))" 'BEGIN {printf "%.3f", ms / 1000}'
}

# The last step that was seen: "hang: alert firing after 2.345 s".
describe() {
  local mode=$1 step text="$1: broken"
  for step in probe:"probe failed" alert:"alert firing" webhook:"webhook accepted" \
    restart:"restart issued" healthy:"healthy again"; do
    if seen "$mode" "${step%%:*}"; then
      text="$mode: ${step#*:} after $(seconds_since_break "$mode" "${step%%:*}") s"
    fi
  done
  echo "$text"
}

look() {
  observe_health "$1"
  observe_failure "$1"
  observe_alertmanager "$1"
  observe_incident "$1"
  progress "$(describe "$1")" "($(((($(now_ms) - at[$1.broken])) / 1000)) s)"
}

is_healthy_again() {
  look "$1"
  seen "$1" healthy
}

is_closed() {
  look "$1"
  [[ $(jq -r '.state' <<<"${incident[$1]:-null}") == closed ]]
}

# What was not seen says where the chain broke.
watch_until_healthy() {
  local mode=$1
  wait_until "$recovery_timeout_s" is_healthy_again "$mode" ||
    fail "$mode: not healed within $recovery_timeout_s s; the last that was seen: $(describe "$mode")"
}

# The remediator goes on to prove that it holds.
watch_until_closed() {
  local mode=$1
  wait_until "$closing_timeout_s" is_closed "$mode" ||
    fail "$mode: healthy again, but the remediator has not closed an incident for it; the last that was seen: $(describe "$mode")"
  progress_done "$(describe "$mode"), verified by the remediator"
}
