# shellcheck shell=bash
# shellcheck disable=SC2154 # of the other parts
# What came of it, for a person: one line for each step, in seconds from the break.

# step MS TEXT: nothing for a step that was not seen.
step() {
  [[ -z $1 ]] || awk -v ms="$(($1 - broken_at))" -v text="$2" 'BEGIN {printf "%9.1f s  %s\n", ms / 1000, text}'
}

seconds_to() { awk -v ms="$(($1 - broken_at))" 'BEGIN {printf "%.1f", ms / 1000}'; }

# The first of these times in the incident.
first_time() { ms_of_time "$(jq -r "[$1 | select(. != null)] | min // empty" <<<"$incident")"; }

report_attempts() {
  local number action requested result
  while IFS=$'\t' read -r number action requested result; do
    step "$(ms_of_time "$requested")" "attempt $number: $action${result:+ ($result)}"
  done < <(jq -r '.attempts[]? | [.number, .action, .requested_at, (.result | if . == "none" then "" else . end)] | @tsv' \
    <<<"$incident")
}

# By time, for that is what it is about.
report_steps() {
  {
    step "$noticed_at" "noticed"
    if [[ $incident != null ]]; then
      step "$(first_time '.alerts[].starts_at')" "alert $(jq -r '[.alerts[].alertname] | unique | join(", ")' <<<"$incident")"
      step "$(first_time '.alerts[].received_at')" "webhook accepted"
      report_attempts
      step "$(first_time '.closed_at')" "incident $(jq -r '"\(.id) closed: \(.outcome)"' <<<"$incident")"
    fi
    step "$healthy_at" "healthy again"
  } | sort --stable --numeric-sort
}

# An alert that resolved before anything was tried is nobody's work but the other healer's.
remediator_had_no_part() {
  [[ $incident == null ]] || jq -e '.outcome == "withdrawn" and (.attempts | length) == 0' <<<"$incident" >/dev/null
}

# Fails where the remediator was at it, and does not call it recovered.
report_healed() {
  report_steps
  if remediator_had_no_part; then
    printf 'healthy again after %s s, and not by the remediator: %s\n' "$(seconds_to "$healthy_at")" "$(other_healer)"
  elif [[ $(jq -r .outcome <<<"$incident") == recovered ]]; then
    printf 'healed in %s s, and proven\n' "$(seconds_to "$healthy_at")"
  else
    printf 'healthy again after %s s; the remediator calls it %s\n' "$(seconds_to "$healthy_at")" \
      "$(jq -r .outcome <<<"$incident")"
    return 1
  fi
}

other_healer() {
  if ! remediator_answers; then
    echo "none answers at $remediator_url"
  elif restarted; then
    echo "somebody else restarted it, or Docker's restart policy"
  else
    echo "it recovered by itself"
  fi
}

# What keeps it: the newest decision, else how far the news of it came.
report_not_healed() {
  report_steps
  printf 'NOT HEALED within %s s: ' "$limit_s"
  if [[ -z $noticed_at ]]; then
    echo "no probe failed, so nothing is known of it"
  elif [[ $incident == null ]] && ! remediator_answers; then
    echo "no remediator answers at $remediator_url"
  elif [[ $incident == null ]]; then
    echo "the remediator knows nothing of it: no rule fires, or its alert does not come through"
  else
    jq -r '"incident \(.id) is \(.state)" + (.decisions[-1] // {} | ": \(.verdict // "") \(.reason // "")" +
      (if (.detail // "") != "" then ", \(.detail)" else "" end))' <<<"$incident"
  fi
}

report_left_alone() {
  printf 'left alone for %s s, as what a person has paused has to be\n' "$limit_s"
}

report_touched() {
  report_steps
  printf 'TOUCHED after %s s, though a person had paused it\n' "$(seconds_to "$(now_ms)")"
}
