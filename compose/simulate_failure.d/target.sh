# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for and of the other parts
# The container that is broken: what Docker knows of it, and whether anybody would heal it.

inspected= # Docker's word, as JSON
name=
id=
ours_to_touch=false # we are root on the machine that its processes run on
image=

inspect_now() { docker inspect --type container "$id" 2>/dev/null | jq -c '.[0]'; }

# label NAME: its value, or nothing.
label() { jq -r --arg name "$1" '.Config.Labels[$name] // empty' <<<"$inspected"; }

# By either of the labels that the exporter takes for it.
opted_in() { [[ $(label selfheal.enable) == true || $(label monitored) == true ]]; }

require_programs() {
  local program
  for program in docker curl jq; do have "$program" || refuse "$program is needed, and not installed"; done
  docker version >/dev/null 2>&1 || refuse "Docker does not answer${DOCKER_HOST:+ on $DOCKER_HOST}"
}

find_target() {
  require_programs
  id=$(docker inspect --type container --format '{{.Id}}' "$container" 2>/dev/null) ||
    refuse "there is no container $container"
  inspected=$(inspect_now)
  name=$(jq -r '.Name | ltrimstr("/")' <<<"$inspected")
  image=$(jq -r '.Config.Image' <<<"$inspected")
  [[ $(jq -r '.State.Status' <<<"$inspected") == running ]] || refuse "$name does not run: there is nothing to break"
  if is_root && [[ -n $(main_pid) ]]; then ours_to_touch=true; fi
  opted_in || refuse "$name has no label selfheal.enable=true, so nobody would heal it"
  seen_by_exporter || refuse_unseen
  check_remediator
}

# Its main process, as this machine counts; nothing where the engine is another machine's.
main_pid() {
  local pid
  pid=$(jq -r '.State.Pid' <<<"$inspected")
  if ((pid > 0)) && is_of_container "$pid"; then echo "$pid"; fi
}

# is_of_container PID: as this machine counts.
is_of_container() { grep -qs "$id" "/proc/$1/cgroup" "/proc/$1/mountinfo"; }

# Where it is reached: its address in a network of Docker's on this machine, else where a port is published.
address_of() {
  local port=$1 address
  address=$(jq -r '[.NetworkSettings.Networks[].IPAddress | select(. != "")][0] // empty' <<<"$inspected")
  if [[ -n $address ]] && [[ -n $(main_pid) ]]; then
    echo "$address:$port"
  else
    jq -r --arg port "$port/tcp" '.NetworkSettings.Ports[$port][0] | select(. != null) |
      (if .HostIp == "" or .HostIp == "0.0.0.0" then "127.0.0.1" else .HostIp end) + ":" + .HostPort' <<<"$inspected"
  fi
}

# now_of FORMAT: what Docker says now of what has its name.
now_of() { docker inspect --type container --format "$1" "$name" 2>/dev/null; }

# Another life of the container has begun: it was restarted, or replaced by one of its name.
restarted() {
  local now
  now=$(now_of '{{.Id}} {{.State.StartedAt}}') || return 1
  [[ $now != "$(jq -r '"\(.Id) \(.State.StartedAt)"' <<<"$inspected")" ]]
}

has_exited() { [[ $(now_of '{{.State.Running}}') == false ]]; }

# The life that we know is over, whether or not there is another one.
life_is_over() { restarted || has_exited; }
