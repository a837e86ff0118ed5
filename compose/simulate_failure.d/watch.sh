# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# What happens to it, as exporter and remediator tell. Times are milliseconds since the epoch.

broken_at=
healed=false
target='null'   # the exporter's row of it
incident='null' # the remediator's newest one that began after the break
noticed_at=
healthy_at=

# An exporter that does not answer has nothing new to tell.
look_at_target() {
  local all
  all=$(exporter_get targets) || return 0
  target=$(jq -c --arg name "$name" 'first(.targets[] | select(.container == $name)) // null' <<<"$all")
}

seen_by_exporter() {
  look_at_target
  [[ $target != null ]]
}

look_at_incident() {
  local number opened
  read -r number opened < <(remediator_get "incidents?container=$name&limit=1" |
    jq -r '.incidents[0] // empty | "\(.id) \(.opened_at)"') || return 0
  # The alert may be of a moment before: it is dated by the rule's evaluation.
  (($(ms_of_time "$opened") >= broken_at - 1000)) || return 0
  incident=$(remediator_get "incidents/$number" | jq -c 'del(.attempts[].evidence) | del(.decisions[].facts)') ||
    incident='null'
}

target_is_healthy() {
  jq -e '. != null and .state == "running" and ([.probes[]? | .health] | all(. == "healthy")) and
    ([.probes[]? | .failing_since | select(. != "")] | length == 0)' <<<"$target" >/dev/null
}

# Why it does not count as healthy, in a word: the state that is none of health, or the probe's last reason.
trouble() {
  jq -r 'if . == null then "no longer watched" elif .state != "running" then .state
    else [.probes[]? | select(.failing_since != "") | .last_failure_reason][0] // empty end' <<<"$target"
}

await_healthy_before() {
  wait_until 60 healthy_now || refuse "$name is not healthy as it is ($(trouble)): there is nothing to learn from breaking it"
}
healthy_now() {
  look_at_target
  target_is_healthy
}

# One look. A life of it that is over was noticed, by whomever: a restart can be quicker than a probe.
look() {
  look_at_target
  look_at_incident
  if [[ -z $noticed_at ]] && { ! target_is_healthy || life_is_over; }; then
    noticed_at=$(first_failure_ms)
  fi
  if [[ -n $noticed_at && -z $healthy_at ]] && target_is_healthy && passed_since_noticed; then
    healthy_at=$(now_ms)
    healed=true
  fi
}

first_failure_ms() {
  local since
  since=$(jq -r '[.probes[]? | .failing_since | select(. != "")] | min // empty' <<<"$target")
  since=$(ms_of_time "$since")
  # What failed before was another fault.
  if [[ -n $since ]] && ((since >= broken_at)); then echo "$since"; else now_ms; fi
}

# A probe that was begun after the failure has passed; of one without probes, it runs.
passed_since_noticed() {
  local last
  last=$(jq -r '[.probes[]? | .last_success] | min // empty' <<<"$target")
  [[ -n $last ]] || return 0
  (($(ms_of_time "$last") > noticed_at))
}

remediator_answers() { remediator_get 'incidents?limit=1' >/dev/null 2>&1; }

# Over when it is healthy and, where a remediator was at it, proven.
is_over() {
  look
  [[ -n $healthy_at ]] || return 1
  [[ $incident == null || $(jq -r .state <<<"$incident") == closed ]]
}

over_after_grace() {
  is_over || return 1
  # An alert may still be on its way when it was healthy at once.
  [[ $incident != null ]] || (($(now_ms) - healthy_at > 15000)) || ! remediator_answers
}

watch_healed() {
  if wait_until "$limit_s" over_after_grace; then
    report_healed
  else
    report_not_healed
    return 1
  fi
}

# A paused container is a person's doing: nobody may touch it.
was_touched() {
  look_at_incident
  [[ $(docker inspect --format '{{.State.Paused}}' "$id" 2>/dev/null) != true ]]
}

watch_left_alone() {
  if wait_until "$limit_s" was_touched; then
    report_touched
    return 1
  fi
  report_left_alone
}
