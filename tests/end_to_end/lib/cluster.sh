# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# Two Alertmanagers that gossip with each other on the loopback, and a recorder between them and the
# remediator, which keeps all that they send. Sourced by tests that want them, after session.sh.

alertmanagers=(alertmanager peer)

# use_cluster: before start_chain.
use_cluster() {
  local name
  for name in alertmanager-gossip peer-gossip recorder remediator; do pick_any_port "$name"; done
  start_process recorder python3 -B tests/end_to_end/lib/recorder.py "${port[recorder]}" \
    "$(url_of remediator)" "$session_dir/deliveries"
}

# start_member NAME OTHER: with what it had before, if it was there before.
start_member() {
  start_process "$1" prometheus-alertmanager \
    --config.file="$session_dir/alertmanager.yml" --storage.path="$session_dir/$1" \
    --web.listen-address="127.0.0.1:${port[$1]}" --web.external-url="$(url_of "$1")" \
    --cluster.listen-address="127.0.0.1:${port[$1-gossip]}" \
    --cluster.advertise-address="127.0.0.1:${port[$1-gossip]}" \
    --cluster.peer="127.0.0.1:${port[$2-gossip]}"
}

start_alertmanager() { start_member alertmanager peer; }

start_peer() { start_member peer alertmanager; }

# members_are COUNT NAME: whether it has settled with so many.
members_are() {
  [[ $(curl -sf -m 1 "$(url_of "$2")/api/v2/status" |
    jq -r '.cluster | "\(.status) \(.peers | length)"') == "ready $1" ]]
}

await_members() {
  local name
  for name in "${alertmanagers[@]}"; do
    await 60 "$name is one of $1 that have settled" members_are "$1" "$name"
  done
}

# deliveries [JQ FILTER]: those that it is true of, an array.
deliveries() { jq -s "map(select(${1:-true}))" "$session_dir/deliveries"; }

delivered() { [[ $(deliveries "$1" | jq length) != 0 ]]; }

# Seconds since the last one that is about work.
quiet_for() {
  deliveries '.payload.alerts[0].labels.remediation' | jq -e "now - .[-1].sent_at > $1" >/dev/null
}

# sent_again_after_its_end APP: whether a peer has told of a failure anew that had been told to be over.
sent_again_after_its_end() {
  deliveries ".payload.alerts[0].labels.container == \"${app_name[$1]}\"" | jq -e '
    [.[] | {failure: (.payload.alerts[0] | .fingerprint + .startsAt), status: .payload.alerts[0].status}]
    | group_by(.failure) | any((map(.status) | index("resolved")) as $over
        | $over != null and any(.[$over:][]; .status == "firing"))' >/dev/null
}
