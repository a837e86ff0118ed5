#!/usr/bin/env bash
# Parts of compose/simulate_failure that a whole drill meets by chance only: processes that end while it lists them,
# scores of processes that were not taken, a container that has only exited, and what the remediator can make of it.
# shellcheck disable=SC2034,SC2317 # the parts use them
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
is_root || skip "only root can break a container from outside" "run it as root"

# in_drill NAME COMMAND...: with the script's parts, about that app, as find_target leaves them.
in_drill() (
  for part in compose/simulate_failure.d/*.sh; do
    # shellcheck disable=SC1090 # each of them
    source "$part"
  done
  id=$(docker inspect --format '{{.Id}}' "${app_name[$1]}")
  name=${app_name[$1]}
  inspected=${before:-$(inspect_now)}
  shift
  "$@"
)

score_of_app() { cat "/proc/$(docker inspect --format '{{.State.Pid}}' "${app_name[$1]}")/oom_score_adj"; }

# What Docker has listed and is gone: no number of a process is as high.
lists_a_dead_one() {
  eval "listed_$(declare -f pids)"
  pids() { echo 4194305 && listed_pids; }
}
offered_and_taken_back() {
  lists_a_dead_one
  offer_to_kernel
  score_of_app "$1"
  take_back_offer
}
offered_while_another_takes_the_number() {
  scores=("$BASHPID 7")
  take_back_offer
  cat "/proc/$BASHPID/oom_score_adj"
}

# reported OUTCOME ATTEMPTS: the exit status, and what is said, of a drill that ended so.
reported() {
  broken_at=0
  healthy_at=6000
  noticed_at=1000
  # shellcheck disable=SC2317 # called by what is tested
  remediator_answers() { true; }
  incident='null'
  [[ -z $1 ]] || incident="{\"id\": 1, \"outcome\": \"$1\", \"alerts\": [], \"attempts\": $2}"
  report_healed
}

# expect_report STATUS TEXT OUTCOME ATTEMPTS
expect_report() {
  local status=0 said
  said=$(in_drill app reported "$3" "$4") || status=$?
  expect_equal "the exit status after '$3' with $4" "$1" "$status"
  expect_text "what is said after '$3'" "$2" "$said"
}

begin_test
run_app app "${watched[@]}" --oom-score-adj 77
expect_equal "the score while it is offered" 1000 "$(in_drill app offered_and_taken_back app)"
expect_equal "the score when it was not taken" 77 "$(score_of_app app)"
own_score=$(cat /proc/self/oom_score_adj)
expect_equal "the score of another's process" "$own_score" "$(in_drill app offered_while_another_takes_the_number)"
shown "who is not taken by the kernel gets its score back, who has ended is passed over"

expect_report 0 "and proven" recovered '[{"number": 1, "action": "restart", "requested_at": "2026-01-01T00:00:00Z", "result": "verified"}]'
expect_report 1 "the remediator calls it stopped" stopped '[]'
expect_report 1 "the remediator calls it withdrawn" withdrawn '[{"number": 1, "action": "restart", "requested_at": "2026-01-01T00:00:00Z", "result": "not_verified"}]'
expect_report 0 "not by the remediator: it recovered by itself" withdrawn '[]'
expect_report 0 "not by the remediator: it recovered by itself" '' ''
shown "a remediator that was at it and did not heal it fails the drill; one that had no part in it does not"

before=$(docker inspect "${app_name[app]}" | jq -c '.[0]')
kill -s KILL "$(jq -r .State.Pid <<<"$before")"
app_has_exited() { [[ $(docker inspect --format '{{.State.Running}}' "${app_name[app]}") == false ]]; }
await 10 "the app has ended" app_has_exited
in_drill app life_is_over || fail "an app that has ended counts as if it lived"
! in_drill app restarted || fail "an app that has only ended counts as restarted"
in_drill app undo
await 10 "an app that has only ended is started" app_healthy app
in_drill app restarted || fail "an app that was started counts as the same life"
shown "what has only ended is started by the drill's end, and then is another life"
