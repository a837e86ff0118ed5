# shellcheck shell=bash
# shellcheck disable=SC2154 # of the other parts
# How the machine breaks a container, without its help. Each leaves a fault of this life of the container only,
# so that a restart heals it, and what undoes it where nobody does.

background_pid= # a process of ours that keeps it broken

stop_background() {
  [[ -n $background_pid ]] || return 0
  kill "$background_pid" 2>/dev/null || true
  wait "$background_pid" 2>/dev/null || true
  background_pid=
}

# need_root WHAT: the container's processes have to be ours to touch.
need_root() {
  is_root || refuse "$mode needs root, or an app that breaks itself (--with, or the label selfheal.drill.$mode)"
  $ours_to_touch || refuse "$mode needs the machine that the Docker Engine runs on"
}

main_process_gone() { [[ ! -d /proc/$(jq -r .State.Pid <<<"$inspected") ]]; }

pids() { docker top "$id" -eo pid 2>/dev/null | tail -n +2; }

# signal_all SIGNAL: all of its processes; where we may not, its main one by Docker. While the main one of then is
# there those that were listed before are of the life that we broke, not of the one that came of a restart.
signal_all() {
  local all
  if $ours_to_touch; then
    all=$(pids)
    if main_process_gone; then return 0; fi
    xargs --no-run-if-empty kill -s "$1" <<<"$all" 2>/dev/null || true
  else
    docker kill --signal "$1" "$id" >/dev/null 2>&1 || true
  fi
}

machine_hang() { signal_all STOP; }
undo_hang() { signal_all CONT; }

# Runs for 20 ms, then stands still for ten seconds. It ends with this life of the container.
be_slow() {
  until life_is_over; do
    signal_all STOP
    sleep 10
    signal_all CONT
    sleep 0.02
  done
}
machine_slow() {
  be_slow >/dev/null 2>&1 &
  background_pid=$!
}
undo_slow() { signal_all CONT; }

# Not by Docker's API: what is killed by that was stopped by a person, and stays so.
machine_crash() { kill -s KILL "$(main_pid)"; }
undo_crash() { docker start "$id" >/dev/null; }

memory_cgroup() {
  local path
  path=$(awk -F: '$2 == "memory" {print $3}' "/proc/$(main_pid)/cgroup")
  if [[ -n $path ]]; then
    echo "/sys/fs/cgroup/memory$path"
  else
    echo "/sys/fs/cgroup$(awk -F: '$1 == 0 {print $3}' "/proc/$(main_pid)/cgroup")"
  fi
}

# eat_memory CGROUP: a process in it that wants all there is, for tail keeps a line until it ends.
eat_memory() {
  echo "$BASHPID" >"$1/cgroup.procs"
  exec tail /dev/zero
}

scores=() # "PID SCORE" of what it was before, for each process that the kernel is to take first
# set_score PID SCORE: nothing where it has ended meanwhile.
set_score() { { echo "$2" >"/proc/$1/oom_score_adj"; } 2>/dev/null || true; }
offer_to_kernel() {
  local pid score
  for pid in $(pids); do
    score=$(cat "/proc/$pid/oom_score_adj" 2>/dev/null) || continue
    scores+=("$pid $score")
    set_score "$pid" 1000
  done
}
# Of those that were not taken; a number may be another process' by now.
take_back_offer() {
  local pid score entry
  for entry in "${scores[@]}"; do
    read -r pid score <<<"$entry"
    if is_of_container "$pid"; then set_score "$pid" "$score"; fi
  done
  scores=()
}

machine_oom() {
  offer_to_kernel
  eat_memory "$(memory_cgroup)" >/dev/null 2>&1 &
  background_pid=$!
  disown "$background_pid" # no word of bash's when the kernel takes it as well
  # It has done its work, or the container is gone some other way: the cgroup can't go as long as it is in it.
  wait_until 30 main_process_gone || true
  stop_background
  take_back_offer
}
undo_oom() {
  take_back_offer
  undo_crash
}

# The ends of its cables that are on this machine: veths whose other end is in its network namespace. Not by the
# number that its eth0 names: with macvlan and ipvlan that is this machine's own network card.
cables() {
  local namespace
  namespace=$(lsns --type net --noheadings --output NETNSID --task "$(main_pid)" | tr -d ' ')
  if [[ $namespace =~ ^[0-9]+$ ]]; then
    ip -json link show type veth | jq -r --argjson namespace "$namespace" '.[] | select(.link_netnsid == $namespace) | .ifname'
  fi
}
cut_cables= # what was cut
machine_network() {
  local cable
  cut_cables=$(cables)
  [[ -n $cut_cables ]] || refuse "$name has no network of its own that could be cut off"
  for cable in $cut_cables; do ip link set "$cable" down; done
}
undo_network() {
  local cable
  for cable in $cut_cables; do ip link set "$cable" up 2>/dev/null || true; done
}

machine_paused() { docker pause "$id" >/dev/null; }
undo_paused() { docker unpause "$id" >/dev/null 2>&1; }
