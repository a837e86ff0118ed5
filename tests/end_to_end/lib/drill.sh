# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# compose/simulate_failure in a test: on the test's own containers and daemons.

drill_status=
drill_output=

# What simulate_failure reads, for the sample app.
readonly drilled=(
  --label selfheal.drill=true
  --label 'selfheal.drill.error=http://:8080/break?mode=error'
  --label selfheal.drill.undo=http://:8080/fix
)

# drill APP MODE [OPTION...]: leaves its exit status and what it said. In the background, so that a test that is told to
# end does so at once, and ends the drill as well.
drill() {
  local app=$1 mode=$2
  shift 2
  start_process drill compose/simulate_failure --exporter.url "$(url_of exporter)" \
    --remediator.url "$(url_of remediator)" --limit 90 "$@" "${app_name[$app]}" "$mode"
  drill_status=0
  wait "$!" || drill_status=$?
  drill_output=$(<"$session_dir/drill.log")
}

# expect_drill STATUS TEXT: of the last drill.
expect_drill() {
  [[ $drill_status == "$1" ]] || fail "the drill ended with $drill_status, not $1, and said: $drill_output"
  expect_text "what the drill said" "$2" "$drill_output"
}

# expect_healed APP MODE
expect_healed() {
  drill "$1" "$2"
  expect_drill 0 "and proven"
  local step
  for step in noticed alert "webhook accepted" "attempt 1: " "healthy again" "closed: recovered"; do
    expect_text "what the drill said" "$step" "$drill_output"
  done
  shown "$drill_output"
}
