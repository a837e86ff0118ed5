# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# Docker Engines of a test's own, each in a network namespace of its own and with a name: one, which may be
# restarted, or two that are two machines to each other, with a cable between them and nothing else, for a
# Swarm that has a node which is no manager. Sourced first of all, for it starts the script anew in the first
# one's namespace. Before that, a test that wants one alone says nodes=(manager).
#
#   machine_of_nodes "$@"      at the top; returns in there, or skips the test
#   start_nodes IMAGE...       with images of the engine that was there before
#   restart_node NODE          its engine, as `systemctl restart docker` does
#   on NODE COMMAND...         docker's, on the engine of that node
#   within NODE COMMAND...     any, as on that machine
#
# The engine of the first is DOCKER_HOST. On both its socket has the same name, node_socket: there they are
# two machines as well.

# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../../support/skip.sh"
# shellcheck source=tests/support/own_containerd.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../../support/own_containerd.sh"

[[ -v nodes ]] || nodes=(manager worker)
readonly nodes
declare -rA node_address=([manager]=192.0.2.1 [worker]=192.0.2.2)

# Images that are made of packages want a network, which there is not in there.
fetch_stand_ins() {
  local compose_folder
  compose_folder=$(dirname -- "${BASH_SOURCE[0]}")/../../../compose
  sed 's/^COMPOSE_PROFILES=.*/COMPOSE_PROFILES=/' "$compose_folder/env.example" >"$SELFHEAL_TEST_NODES/images.env"
  "$compose_folder/images/stand_ins.sh" "$SELFHEAL_TEST_NODES/images.env"
}

machine_of_nodes() {
  local tool launcher=(unshare --net --mount)
  if [[ -z ${SELFHEAL_TEST_NODES:-} ]]; then
    [[ $(id -u) == 0 ]] || skip "engines of its own need root" "run it as root"
    for tool in dockerd docker ip unshare nsenter; do
      command -v "$tool" >/dev/null || skip "there is no $tool" "tests/run installs it"
    done
    "${launcher[@]}" true 2>/dev/null || skip "no network namespace may be made here" "a container needs --privileged for that"
    "${launcher[@]}" ip link add type vxlan id 1 dstport 0 2>/dev/null || skip_also_in_ci "this kernel has no vxlan"
    SELFHEAL_TEST_OUTER_ENGINE=${DOCKER_HOST:-unix:///var/run/docker.sock}
    SELFHEAL_TEST_NODES=$(mktemp -d /tmp/nodes.XXXXXX)
    export SELFHEAL_TEST_NODES SELFHEAL_TEST_OUTER_ENGINE
    trap 'rm -rf "$SELFHEAL_TEST_NODES"' EXIT # until exec
    fetch_stand_ins
    # In a bare chroot / is no mount point, and dockerd can't unpack an image there.
    if ! mountpoint --quiet /; then
      # shellcheck disable=SC2016 # for the inner shell
      launcher+=(bash -c 'mount --rbind / /mnt && mount --make-rprivate /mnt && cd /mnt &&
        exec chroot /mnt "$@"' launcher)
    fi
    exec "${launcher[@]}" bash "$0" "$@"
  fi
  trap stop_nodes EXIT # until the session has one
  leave_containerd_alone
  export DOCKER_HOST=unix://$SELFHEAL_TEST_NODES/manager/docker.sock
  unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH
}

node_socket=${SELFHEAL_TEST_NODES:-}/here/docker.sock

node_folder() { echo "$SELFHEAL_TEST_NODES/$1"; }

on() { docker --host "unix://$SELFHEAL_TEST_NODES/$1/docker.sock" "${@:2}"; }

outer() { docker --host "$SELFHEAL_TEST_OUTER_ENGINE" "$@"; }

within() {
  local pid
  pid=$(<"$(node_folder "$1")/pid")
  nsenter --target "$pid" --mount --net --uts "${@:2}"
}

node_answers() { on "$1" version >/dev/null 2>&1; }

# The worker's namespace lives for as long as somebody sleeps in it.
lay_cable() {
  local pid
  setsid unshare --net sleep infinity </dev/null >/dev/null 2>&1 &
  pid=$!
  echo "$pid" >"$SELFHEAL_TEST_NODES/sleeper"
  for _ in {1..100}; do
    [[ $(readlink "/proc/$pid/ns/net") != "$(readlink /proc/self/ns/net)" ]] && break
    sleep 0.05
  done
  ip link add cable type veth peer name cable netns "$pid"
  ip address add "${node_address[manager]}/24" dev cable
  ip link set cable up
  # shellcheck disable=SC2016 # for the inner shell
  nsenter --net="/proc/$pid/ns/net" bash -c 'ip link set lo up && ip address add "$0/24" dev cable && ip link set cable up' \
    "${node_address[worker]}"
}

# start_node NAME: its engine, which calls itself so.
start_node() {
  local folder network=()
  folder=$(node_folder "$1")
  mkdir -p "$folder" "$SELFHEAL_TEST_NODES/here"
  [[ $1 == manager ]] || network=(nsenter --net="/proc/$(<"$SELFHEAL_TEST_NODES/sleeper")/ns/net")
  # shellcheck disable=SC2016 # for the inner shell
  setsid "${network[@]}" unshare --uts --mount bash -c \
    'echo "$0" >/proc/sys/kernel/hostname && mount --bind "$1" "$2" && exec "${@:3}"' "$1" \
    "$folder" "$SELFHEAL_TEST_NODES/here" dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
    -H "unix://$folder/docker.sock" </dev/null >>"$folder/dockerd.log" 2>&1 &
}

# load_into NODE...: what is read, into each of them at once.
load_into() {
  if (($# == 1)); then on "$1" load --quiet >/dev/null; else tee >(load_into "${@:2}") | on "$1" load --quiet >/dev/null; fi
}

# start_nodes IMAGE...: the images are what takes its time, so they are read once, for all.
start_nodes() {
  local node
  ensure_cgroups
  ip link set lo up
  ((${#nodes[@]} == 1)) || lay_cable
  mkdir -p "$(node_folder manager)" "$SELFHEAL_TEST_NODES/here"
  mount --bind "$(node_folder manager)" "$SELFHEAL_TEST_NODES/here"
  for node in "${nodes[@]}"; do start_node "$node"; done
  for node in "${nodes[@]}"; do
    wait_until 30 node_answers "$node" || {
      tail -n 20 "$(node_folder "$node")/dockerd.log" >&2
      return 1
    }
  done
  outer save "$@" | load_into "${nodes[@]}"
  for node in "${nodes[@]}"; do
    wait_until 60 has_images "$node" "$@" || return 1
  done
}

has_images() { on "$1" image inspect "${@:2}" >/dev/null 2>&1; }

node_gone() {
  local state
  state=$(sed -n 's/^State:\s*//p' "/proc/$1/status" 2>/dev/null) || true
  [[ -z $state || $state == Z* ]]
}

engine_gone() { ! node_answers "$1" && node_gone "$2"; }

restart_node() {
  local pid
  pid=$(<"$(node_folder "$1")/pid")
  kill -TERM "$pid"
  wait_until 60 engine_gone "$1" "$pid" || return 1
  start_node "$1"
  wait_until 60 node_answers "$1"
}

# What of it is in a Swarm leaves that first, and is not waited for: nothing of it is to last. What is not
# gone by then goes by force.
stop_node() {
  local folder pid
  folder=$(node_folder "$1")
  on "$1" swarm leave --force >/dev/null 2>&1
  on "$1" ps --all --quiet 2>/dev/null | xargs --no-run-if-empty docker --host "unix://$folder/docker.sock" rm --force >/dev/null 2>&1
  if pid=$(cat "$folder/pid" 2>/dev/null); then
    kill -TERM "$pid" 2>/dev/null
    wait_until 20 node_gone "$pid" || kill -KILL "$pid" 2>/dev/null
  fi
  end_shims "$folder"
}

stop_nodes() {
  local node pids=()
  [[ -d $SELFHEAL_TEST_NODES ]] || return 0
  for node in "${nodes[@]}"; do
    stop_node "$node" &
    pids+=("$!")
  done
  wait "${pids[@]}"
  kill "$(cat "$SELFHEAL_TEST_NODES/sleeper" 2>/dev/null)" 2>/dev/null
  awk -v folder="$SELFHEAL_TEST_NODES/" 'index($2, folder) == 1 { print $2 }' /proc/self/mounts |
    xargs --no-run-if-empty umount --lazy 2>/dev/null
  rm -rf --one-file-system "$SELFHEAL_TEST_NODES"
}
