#!/usr/bin/env bash
# The stack of compose/swarm.yaml on a real Swarm of two nodes, by the commands of compose/README.md: each
# exporter sees its own node and no other, and a task that breaks on the node which is no manager is
# healed by a rolling update of its service. On two engines of the test's own, in network namespaces of
# their own; status 77, skipped, where there can be none.
set -Eeuo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source=tests/end_to_end/lib/nodes.sh
source "$here/lib/nodes.sh"
machine_of_nodes "$@"
# shellcheck source=tests/end_to_end/lib/session.sh
source "$here/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
# shellcheck source=tests/end_to_end/lib/node_images.sh
source tests/end_to_end/lib/node_images.sh
# shellcheck source=tests/end_to_end/lib/swarm.sh
source tests/end_to_end/lib/swarm.sh

# No part is root, can become it, writes outside of its volumes, or takes all memory and processes; and none
# but a proxy, which nobody reaches by a network, has Docker's socket.
expect_confined() {
  local node=$1 id name found
  for id in $(on "$node" ps --quiet --filter name=selfheal_); do
    name=$(on "$node" inspect --format '{{index .Config.Labels "com.docker.swarm.service.name"}}' "$id")
    found=$(on "$node" inspect --format '{{json .}}' "$id" | jq -r '"readonly=\(.HostConfig.ReadonlyRootfs) " +
      "privileged=\(.HostConfig.Privileged) caps=\(.HostConfig.CapDrop) limits=\(.HostConfig.Memory > 0 and .HostConfig.PidsLimit > 0)"')
    expect_equal "how $name is confined on $node" 'readonly=true privileged=false caps=["ALL"] limits=true' "$found"
    found=$(on "$node" top "$id" -eo pid,uid | awk 'NR > 1 {print ($2 > 0 ? "a user" : "root")}' | sort -u)
    expect_equal "as whom $name runs on $node" "a user" "$found"
    # shellcheck disable=SC2016 # Docker's
    found=$(on "$node" inspect --format '{{range .Mounts}}{{.Destination}} {{end}}{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' "$id")
    [[ $name == selfheal_docker-* || $found != *docker.sock* ]] || fail "Docker's socket is in $name"
    [[ $name != selfheal_docker-* || $found == *' selfheal_nowhere ' ]] || fail "$name is on a network: $found"
    [[ $name == selfheal_docker-* || $found != *nowhere* ]] || fail "$name is on the network of the proxies"
    [[ $name != selfheal_docker-* ]] || expect_equal "where $name of $node listens" "127.0.0.1:2375" "$(listens_at "$node" "$id")"
  done
}

# But for Docker's name server, which is in every container.
listens_at() { in_network_of "$1" "$2" ss --listening --tcp --numeric --no-header | awk '$4 !~ /^127.0.0.11:/ {print $4}'; }

# Of what there is on its node, all, and of what there is on others, nothing.
expect_own_node_only() {
  local metrics
  metrics=$(metrics_on "$1")
  expect_equal "whose containers the exporter of $1 tells of" "host=\"$1\"" "$(grep -oE 'host="[^"]*"' <<<"$metrics" | sort -u | xargs -d '\n')"
  expect_equal "the containers that it tells of" "$(on "$1" ps --filter label=selfheal.enable --format '{{.Names}}' | sort)" \
    "$(sed -n 's/^selfheal_container_start_time_seconds{.*container="\([^"]*\)".*/\1/p' <<<"$metrics" | sort)"
}

sample_runs() { [[ $(docker service ls --filter name=sample --format '{{.Replicas}}') == 3/3 ]]; }

# seen_by_prometheus: every task of the sample, by its own node's exporter, once, and well.
sample_is_seen() {
  local node expected=
  for node in "${nodes[@]}"; do expected+="$node=$(tasks_on "$node" sample | wc -l) "; done
  prometheus_says 'count by (host) (selfheal_probe_healthy{group="sample"} == 1)' "${expected% }"
}

decided_in_dry_run() { [[ $(swarm_incidents 'incidents?container=service/sample&limit=1' | jq -r '.incidents[0].reason') == dry_run ]]; }

sample_recovered() {
  [[ $(swarm_incidents 'incidents?container=service/sample&limit=1' | jq -r '.incidents[0].outcome') == recovered ]]
}

forced() { docker service inspect --format '{{.Spec.TaskTemplate.ForceUpdate}}' sample; }

address_in_watched() { on "$1" inspect --format '{{(index .NetworkSettings.Networks "selfheal-watched").IPAddress}}' "$2"; }

# Docker's own word for each start and end, of both nodes.
watch_sample() {
  local node
  for node in "${nodes[@]}"; do
    start_process "$node-events" docker --host "unix://$(node_folder "$node")/docker.sock" events \
      --since "$(date +%s.%N)" --filter type=container --filter label=com.docker.swarm.service.name=sample \
      --filter event=start --filter event=die --format '{{.TimeNano}} {{.Action}}'
  done
}

sample_events() { sort -n "$session_dir"/*-events.log | cut -d ' ' -f 2; }

nothing_is_left() {
  local node
  for node in "${nodes[@]}"; do
    [[ -z $(on "$node" ps --quiet --filter name=selfheal_)$(on "$node" network ls --quiet --filter name=selfheal-) ]] || return 1
  done
  [[ -z $(docker config ls --quiet)$(docker secret ls --quiet) ]]
}

# What a node without the image says, whatever a registry that anybody can write to has of its name.
lacks_image() { docker service ps --no-trunc --format '{{.Error}}' lacking | grep -q 'No such image: selfheal.invalid/exporter:lacking'; }

make_stack_images
start_nodes "${stack_images[@]}" "$test_image" || die "the engines do not come up"
begin_test
make_swarm
swarm_readme 'docker node update'
swarm_readme 'docker service create'
await 90 "every part of the stack runs" stack_runs
await 30 "the sample runs" sample_runs
swarm_readme 'docker stack ps'
swarm_readme 'docker run --detach --name selfheal-door'
shown "the stack is up on two nodes"

for node in "${nodes[@]}"; do expect_confined "$node"; done
expect_proxy worker docker-read <<'LINES'
200 GET /_ping
200 GET /containers/json
403 GET /services
403 GET /containers/x/logs
403 POST /containers/x/restart
LINES
expect_equal "whose Docker the worker's proxy speaks to" worker \
  "$(within worker curl -sf -m 5 --unix-socket "$(volume_socket worker docker-read)" http://docker/info | jq -r .Name)"
expect_proxy manager docker-act <<'LINES'
200 GET /v1.41/services/sample
404 POST /containers/there-is-none/restart
400 POST /services/there-is-none/update?version=1
403 GET /services
403 GET /secrets
403 GET /nodes
403 POST /services/create
403 POST /swarm/leave
403 DELETE /services/sample
403 POST /containers/x/exec
LINES
[[ ! -e $(volume_socket worker docker-act) ]] || fail "there is a proxy to act on the worker"
shown "no part is root, and none but two proxies without a network has Docker's socket"

await 60 "Prometheus knows every task of the sample by its node" sample_is_seen
for node in "${nodes[@]}"; do expect_own_node_only "$node"; done
refused=$(docker run --rm --network selfheal-watched "haproxy:$(env_example HAPROXY_VERSION)" bash -c \
  "timeout 3 bash -c 'exec 3<>/dev/tcp/$(address_in_watched worker "$(tasks_on worker selfheal_exporter)")/10115' && echo reached" 2>&1) || true
[[ $refused != *reached* ]] || fail "an application reaches the exporter"
shown "each exporter tells of its own node's containers, all of them and no other"

broken=$(tasks_on worker sample | head -n 1)
watch_sample
swarm_readme tasks.sample "s|tasks.sample|$(address_in_watched worker "$broken")|"
await 60 "the dry run tells what it would do" decided_in_dry_run
expect_equal "forced updates in the dry run" 0 "$(forced)"
shown "a task on the worker hangs, and in the dry run it was told and nothing done"

swarm_readme 'compose/.env
compose/prepare
set'
await 120 "the incident of the service is closed as recovered" sample_recovered
expect_equal "forced updates of the sample" 1 "$(forced)"
await 10 "three tasks run again" sample_runs
expect_equal "starts and ends of its tasks" "3 die 3 start" "$(sample_events | sort | uniq -c | xargs)"
least=$(sample_events | awk 'BEGIN {running = least = 3} /die/ {--running} /start/ {++running} running < least {least = running} END {print least}')
expect_equal "the fewest tasks that ran at once" 2 "$least"
expect_equal "what was done" "service-update verified" "$(id=$(swarm_incidents 'incidents?container=service/sample&limit=1' | jq -r '.incidents[0].id') &&
  swarm_incidents "incidents/$id" | jq -r '.attempts | map("\(.action) \(.result)") | join(", ")')"
expect_equal "incidents about containers" 0 "$(swarm_incidents incidents | jq '[.incidents[] | select(.container != "service/sample")] | length')"
shown "for real it was healed by one rolling update, of three tasks on two nodes, two of which always ran"

docker service create --detach --quiet --name lacking "selfheal.invalid/exporter:lacking" >/dev/null 2>&1
await 30 "a node without an image says so" lacks_image
docker service rm lacking >/dev/null
shown "an image that a node lacks is no stranger's"

docker service rm sample >/dev/null
swarm_readme 'docker stack rm selfheal'
await 60 "nothing of the stack is left" nothing_is_left
on worker swarm leave >/dev/null
docker swarm leave --force >/dev/null
shown "and all of it is gone again"
