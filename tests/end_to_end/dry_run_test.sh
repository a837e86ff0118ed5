#!/usr/bin/env bash
# Shows what would be done, and does not do it: --dry-run, the label, and explain.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

# expect_explained TEXT APP [JQ FILTER]
expect_explained() {
  alert "${@:2}" >"$session_dir/payload.json"
  expect_text "explain" "$1" \
    "$("$remediator_program" explain "$session_dir/payload.json" --docker.host "$DOCKER_HOST" \
      --config.file "$remediator_config" 2>>"$session_dir/explain.log")"
  shown "explain: $1"
}

expect_would_restart() {
  tell "$1"
  await 10 "the dry run is decided on" incident_is "$1" '.reason == "dry_run"'
  expect_text "the decision" "would restart it" "$(incident "$1" .detail)"
  expect_equal "attempts" 0 "$(incident "$1" '.attempts | length')"
}

begin_test
be_quick
run_app app "${watched[@]}"
run_app labelled "${watched[@]}" --label selfheal.dry-run=true
run_app opted_out
life=$(app_life app)
labelled_life=$(app_life labelled)

expect_explained "${app_name[app]}: act (restart)" app
expect_explained "${app_name[labelled]}: refuse (dry_run:" labelled
expect_explained "${app_name[opted_out]}: refuse (not_opted_in:" opted_out
expect_explained "for people" app 'del(.alerts[0].labels.remediation)'
expect_explained "resolved" app '.alerts[0].status = "resolved"'
echo nonsense >"$session_dir/nonsense.json"
status=0
"$remediator_program" explain "$session_dir/nonsense.json" >/dev/null 2>&1 || status=$?
expect_equal "the exit status of explain for nonsense" 2 "$status"

remediator_flags=(--dry-run)
start_quick_remediator
expect_would_restart app
expect_would_restart labelled
shown "--dry-run: decided to restart, and did not"
end_daemon remediator TERM

# Without --dry-run the same incident is acted on, but not that of the container that is labelled.
watch_events app
remediator_flags=()
start_quick_remediator
tell app # a new failure is judged at once
await_recovery app
expect_one_restart app "$life"
expect_would_restart labelled
expect_same_life labelled "$labelled_life"
shown "the label: decided to restart, and did not"
