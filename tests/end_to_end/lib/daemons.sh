# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The daemons on their own, for what needs no Prometheus; start_stack has all of the chain.

# Never a usual one: whoever starts the demo meanwhile wants it too.
pick_any_port() { pick_port "$1" $((ports_from + RANDOM % ports_count)); }

make_token() { head -c 24 /dev/urandom | base64 >"$session_dir/webhook.token"; }

# What a test changes about how they are started.
exporter_as=("$exporter_program")
remediator_as=("$remediator_program")
remediator_config=
remediator_flags=()

start_lone_exporter() {
  pick_any_port exporter
  start_process exporter "${exporter_as[@]}" --web.listen-address "127.0.0.1:${port[exporter]}" \
    --docker.host "${engine_in_front:-$DOCKER_HOST}" ${exporter_config:+--config.file "$exporter_config"}
}

# Always with the same journal and token.
start_lone_remediator() {
  pick_any_port remediator
  [[ -e $session_dir/webhook.token ]] || make_token
  start_process remediator "${remediator_as[@]}" \
    --web.listen-address "127.0.0.1:${port[remediator]}" --docker.host "${engine_in_front:-$DOCKER_HOST}" \
    --journal.path "$session_dir/journal.db" --webhook.token-file "$session_dir/webhook.token" \
    ${remediator_config:+--config.file "$remediator_config"} "${remediator_flags[@]}"
}

# The remediator then verifies in 2 s, tries again after 1 s, and acts on what was only just made.
be_quick() {
  remediator_config=$session_dir/quick.yml
  cat >"$remediator_config" <<'YAML'
guards:
  cooldown: 1s
  start_grace: 0s
  create_grace: 0s
  backoff: {initial: 1s, longest: 1s}
verification: {settled: 2s, poll_interval: 100ms, timeout: 20s}
YAML
}

# Up and ready, and without the patience of the defaults.
start_quick_remediator() {
  be_quick
  start_lone_remediator
  await_ready remediator
}

alive() { curl -sf -m 1 -o /dev/null "$(url_of "$1")/-/healthy"; }

process_gone() { ! process_runs "$1"; }

# end_daemon NAME SIGNAL: leaves its exit status in ended_with, and its log for show_logs.
end_daemon() {
  local name=$1 pid
  pid=$(process_pid "$name") || fail "$name has ended by itself"
  [[ $2 != KILL ]] || disown "$pid" # or bash tells of it
  kill -s "$2" "$pid"
  await 30 "$name ends after SIG$2" process_gone "$name"
  ended_with=0
  wait "$pid" 2>/dev/null || ended_with=$?
  mv "$session_dir/$name.log" "$session_dir/$name.ended.log"
}

# With the token, which evidence is shown with only.
remediator_get() {
  curl -sf -m 5 -H "Authorization: Bearer $(<"$session_dir/webhook.token")" \
    "$(url_of remediator)/api/v1/$1"
}

# incident_of TARGET [FILTER]: its newest incident with all that belongs to it, through jq; nothing where there is none.
incident_of() {
  local id
  id=$(newest_incident "$1" | jq .id)
  [[ -z $id ]] || remediator_get "incidents/$id" | jq -r "${2:-.}"
}

# incident APP [FILTER]
incident() { incident_of "${app_name[$1]}" "${2:-.}"; }

# incident_is APP FILTER: whether jq finds FILTER to be true of it.
incident_is() { [[ $(incident "$1" "$2") == true ]]; }

incident_recovered() { incident_is "$1" '.state == "closed" and .outcome == "recovered"'; }

# Closed by a proof, and with the time that it took.
await_recovery() {
  await 60 "the incident of $1 is closed as recovered" incident_recovered "$1"
  incident_is "$1" '.duration_seconds > 0 and .closed_at > .opened_at
    and .attempts[-1].result == "verified"' || fail "closed, but not as expected: $(incident "$1")"
}
