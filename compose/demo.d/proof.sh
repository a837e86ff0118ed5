# shellcheck shell=bash
# Not every recovery is selfheal's: each is checked to have come the whole way, Prometheus to
# Alertmanager to the remediator to Docker, and to have hit nobody else.

# came_through_alertmanager MODE: an alert of the incident is one that Alertmanager itself had for
# the remediator. Nobody else could post it there, for only Alertmanager has the token.
came_through_alertmanager() {
  local mode=$1 fingerprint
  while read -r fingerprint; do
    if [[ -n ${alertmanager_saw[$mode.$fingerprint]:-} ]]; then return 0; fi
  done < <(jq -r '.alerts[].fingerprint' <<<"${incident[$mode]}")
  return 1
}

# An action was issued after the alert began and before the app was healthy.
acted_in_between() {
  local mode=$1
  seen "$mode" alert && seen "$mode" webhook && seen "$mode" restart &&
    ((at[$mode.alert] <= at[$mode.restart] && at[$mode.webhook] <= at[$mode.restart] &&
      at[$mode.restart] <= at[$mode.healthy]))
}

prove_recovery() {
  local mode=$1 outcome
  outcome=$(jq -r '.outcome' <<<"${incident[$mode]}")
  [[ $outcome == recovered ]] || fail "$mode: the remediator closed its incident as '$outcome'"
  came_through_alertmanager "$mode" || fail "$mode: no alert of the incident was seen in Alertmanager"
  acted_in_between "$mode" ||
    fail "$mode: the remediator's action is not what healed it"
  prove_other_untouched
}

prove_other_untouched() {
  local now
  now=$(app_life other) || fail "the other app is gone"
  [[ $now == "$other_before" ]] || fail "the other app was restarted: $other_before, now $now"
}
