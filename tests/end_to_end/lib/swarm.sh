# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The stack of compose/swarm.yaml on the nodes of nodes.sh, by the commands of compose/README.md. Sourced
# after node_images.sh.

make_swarm() {
  local token
  docker swarm init --advertise-addr "${node_address[manager]}" >/dev/null
  token=$(docker swarm join-token --quiet worker)
  on worker swarm join --token "$token" "${node_address[manager]}:2377" >/dev/null
}

# compose/prepare, for this folder: before the first time with what differs on these nodes.
prepare_files() {
  mkdir -p "$session_dir/stack"
  [[ -e $session_dir/stack/.env ]] ||
    printf 'SELFHEAL_DOCKER_SOCKET=%s\nSELFHEAL_VERSION=%s\n' "$node_socket" "$stack_tag" >"$session_dir/stack/.env"
  compose/prepare "$session_dir/stack"
}

# swarm_readme TEXT [SED EXPRESSION]: that block of compose/README.md, as it stands there but for the
# stack's folder.
swarm_readme() {
  local known=
  # What a person's shell still knows of the block before.
  [[ ! -e $session_dir/stack/generated/swarm.env ]] || known="set -a; . $session_dir/stack/generated/swarm.env; set +a;"
  run_block compose/README.md "$1" -e "1s|^|$known |" -e 's|compose/prepare|prepare_files|' \
    -e "s#compose/\(\.env\|secrets\|generated\)#$session_dir/stack/\1#" -e "${2:-}"
}

# All tasks that there are to be run, and Swarm takes them for well. What was seen last is in services.log.
stack_runs() {
  docker service ls --format '{{.Replicas}} {{.Name}}' >"$session_dir/services.log"
  docker service ls --quiet | xargs --no-run-if-empty docker service ps --filter desired-state=running \
    --format '{{.CurrentState}} {{.Name}} {{.Node}} {{.Error}}' >>"$session_dir/services.log" 2>&1
  [[ $(grep -cE '^([1-9][0-9]*)/\1 selfheal_' "$session_dir/services.log") == 6 ]]
}

# tasks_on NODE SERVICE: the ids of its containers there.
tasks_on() { on "$1" ps --quiet --no-trunc --filter "label=com.docker.swarm.service.name=$2"; }

# in_network_of NODE CONTAINER COMMAND...
in_network_of() {
  nsenter --target "$(on "$1" inspect --format '{{.State.Pid}}' "$2")" --net "${@:3}"
}

# metrics_on NODE: what the exporter there publishes.
metrics_on() { in_network_of "$1" "$(tasks_on "$1" selfheal_exporter)" curl -sf -m 5 http://127.0.0.1:10115/metrics; }

prometheus_says() {
  [[ $(curl -sf -m 5 --get --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query |
    jq -r '[.data.result[] | "\(.metric | to_entries | map(.value) | sort | join(","))=\(.value[1])"] | sort | join(" ")') == "$2" ]]
}

swarm_incidents() {
  curl -sf -m 5 -H "Authorization: Bearer $(<"$session_dir/stack/secrets/webhook.token")" \
    "http://127.0.0.1:10116/api/v1/$1"
}

# volume_socket NODE VOLUME: the socket of the proxy that listens there.
volume_socket() { echo "$(node_folder "$1")/data/volumes/selfheal_$2/_data/docker.sock"; }

# expect_proxy NODE VOLUME: each line of the input is "STATUS METHOD /PATH".
expect_proxy() {
  local status method path found
  while read -r status method path; do
    found=$(within "$1" curl -s -m 5 -o /dev/null -w '%{http_code}' -X "$method" \
      --unix-socket "$(volume_socket "$1" "$2")" "http://docker$path")
    expect_equal "$2 of $1 to $method $path" "$status" "$found"
  done
}
