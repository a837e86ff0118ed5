# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# Which way it is broken: the app's own, by option or label, else the machine's.

broken=false

find_way() {
  [[ -n $way ]] || way=$(label "selfheal.drill.$mode")
  [[ -n $undo_way ]] || undo_way=$(label selfheal.drill.undo)
  check_way "$way"
  check_way "$undo_way"
  [[ -z $way ]] || return 0
  case $mode in
    error) refuse "error needs an app that can break itself: --with, or the label selfheal.drill.error (see --help)" ;;
    crash | network) need_root ;;
    oom) check_memory_limit ;;
  esac
  if [[ $mode == network ]]; then check_network_tools; fi
}

check_way() {
  [[ -z $1 || $1 =~ ^http://:[0-9]+/ || $1 == exec:?* ]] ||
    refuse "expected http://:PORT/PATH or exec:COMMAND, got '$1'"
}

check_memory_limit() {
  need_root
  (($(jq -r '.HostConfig.Memory' <<<"$inspected") > 0)) ||
    refuse "$name has no memory limit of its own: it would take the machine along"
}

check_network_tools() {
  { have lsns && have ip; } || refuse "network needs lsns and ip (util-linux, iproute2)"
  [[ $(jq -r '.HostConfig.NetworkMode' <<<"$inspected") != @(host|none|container:*) ]] ||
    refuse "$name has no network of its own that could be cut off"
  [[ -n $(cables) ]] || refuse "$name has no cable that ends on this machine (a veth; macvlan and ipvlan have
none): say how it is cut off (--with, or the label selfheal.drill.network)"
}

describe_way() {
  case $way in
    '') describe_machine_way ;;
    exec:*) echo "$mode, by '${way#exec:}' in the container" ;;
    *) echo "$mode, by POST $way" ;;
  esac
}

describe_machine_way() {
  case $mode in
    hang) echo "hang, all its processes are stopped" ;;
    slow) echo "slow, its processes run for a moment every ten seconds" ;;
    crash) echo "crash, its main process is killed" ;;
    oom) echo "oom, its memory is eaten up to its limit" ;;
    network) echo "network, its cable is pulled" ;;
    paused) echo "paused, by docker pause" ;;
  esac
}

# use_way WAY: what the app offers.
use_way() {
  local words port address
  if [[ $1 == exec:* ]]; then
    read -ra words <<<"${1#exec:}"
    timeout 30 docker exec "$id" "${words[@]}" >/dev/null
    return
  fi
  port=${1#http://:}
  address=$(address_of "${port%%/*}")
  [[ -n $address ]] || refuse "port ${port%%/*} of $name can't be reached from here"
  curl -sf -m 10 -o /dev/null -X POST "http://$address/${port#*/}"
}

break_it() {
  broken_at=$(now_ms)
  broken=true
  if [[ -n $way ]]; then
    use_way "$way" || refuse "$name did not take it: $way"
  else
    "machine_$mode"
  fi
}

# Only what is still the life that was broken, or has ended without another. What does not run takes no way of the
# app's; a start is all that it needs.
undo() {
  if restarted; then return 0; fi
  say "mending $name"
  if has_exited; then
    timeout 60 docker start "$id" >/dev/null || say "$name can't be started"
  elif [[ -n $way && -n $undo_way ]]; then
    use_way "$undo_way" || say "$name did not take it: $undo_way"
  elif [[ -z $way ]]; then
    "undo_$mode" || say "$name can't be mended"
  else
    say "how is not known (--undo, or the label selfheal.drill.undo): restarting it"
    docker restart "$id" >/dev/null || say "$name can't be restarted"
  fi
}
