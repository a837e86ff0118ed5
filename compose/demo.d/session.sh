# shellcheck shell=bash
# One run of the demo, or of an end-to-end test: its folder, its processes, and the end of all of it.
#
# Everything that outlives a command is written down in the session's folder (pids) or carries its
# label (containers, networks), so that the end of the script, Ctrl-C and `compose/demo --stop` clean up alike.

session_kind=demo # or test
session_dir=
session_id=
session_kept=false
session_failed_because=
readonly kept_marker=$repo_root/build/demo-kept

begin_session() {
  session_dir=$(mktemp -d -t "selfheal-$session_kind.XXXXXX")
  session_id=${session_dir##*.}
  session_id=${session_id,,}
}

# A pid can be handed out again: with its start time it names one process.
process_identity() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) } # the name before it may hold anything
  echo "$1 $(cut -d ' ' -f 20 <<<"$stat")"
}

# remember_process NAME PID: one that has ended already is none that runs.
remember_process() { process_identity "$2" >"$session_dir/$1.pid" || true; }

# start_process NAME COMMAND...: in the background, in a session of its own so that Ctrl-C is ours
# alone to handle; output to NAME.log.
start_process() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$session_dir/$name.log" 2>&1 &
  remember_process "$name" "$!"
}

# The pid of NAME, if it still runs.
process_pid() {
  local remembered
  remembered=$(cat "$session_dir/$1.pid" 2>/dev/null) || return 1
  [[ -n $remembered && $(process_identity "${remembered% *}") == "$remembered" ]] || return 1
  echo "${remembered% *}"
}

process_runs() { process_pid "$1" >/dev/null; }

process_names() { (cd "$session_dir" && ls -- *.pid 2>/dev/null || true) | sed 's/\.pid$//'; }

processes_gone() {
  local name
  for name in $(process_names); do
    if process_runs "$name"; then return 1; fi
  done
}

stop_processes() {
  local name pid signal
  for signal in TERM KILL; do
    for name in $(process_names); do
      if pid=$(process_pid "$name"); then kill -s "$signal" "$pid" 2>/dev/null || true; fi
    done
    if wait_until 10 processes_gone; then return 0; fi
  done
}

container_name() { echo "selfheal-$session_kind-$session_id-$1"; }

our_containers() { docker ps --all --filter "label=selfheal.$session_kind=$session_id" "$@"; }

remove_containers() {
  our_containers --quiet |
    xargs --no-run-if-empty docker rm --force --volumes >/dev/null
}

our_networks() { docker network ls --quiet --filter "label=selfheal.$session_kind=$session_id"; }

networks_removed() {
  our_networks | xargs --no-run-if-empty docker network rm >/dev/null 2>&1
  [[ -z $(our_networks) ]]
}

# For a moment Docker still counts the containers that it has just removed.
remove_networks() { wait_until 10 networks_removed; }

clean_up() {
  [[ -n $session_dir ]] || return 0
  cd "$repo_root" # this may be in a folder that is about to go
  stop_processes
  remove_containers || true
  remove_networks || true
  rm -rf "$session_dir"
}

# What a person needs to see when it went wrong.
show_logs() {
  local log name
  for name in $(our_containers --format '{{.Names}}'); do
    docker logs "$name" >"$session_dir/$name.log" 2>&1 || true
  done
  for log in "$session_dir"/*.log; do
    [[ -s $log ]] || continue
    printf '\n--- %s (last lines)\n' "$(basename "$log" .log)" >&2
    tail -n 15 "$log" | cut -c -400 >&2
  done
}

# fail REASON: ends the demo with the logs.
fail() {
  session_failed_because=$*
  exit 1
}

# The EXIT trap: whatever happened.
end_session() {
  trap '' INT TERM HUP PIPE # once is enough, and whoever read our output may be gone already
  set +e
  progress_end
  if $session_kept; then return 0; fi
  if [[ -n $session_failed_because ]]; then
    show_logs
    printf '\nFAILED: %s\n' "$session_failed_because" >&2
  fi
  clean_up
  release_docker
}

# ---- --keep and --stop

keep_session() {
  session_kept=true
  printf '%s\n' "$session_dir" >"$kept_marker"
}

refuse_second_kept_session() {
  if [[ -f $kept_marker ]]; then
    say "an earlier demo is still there; it is ended first"
    stop_kept_session
  fi
}

stop_kept_session() {
  [[ -f $kept_marker ]] || die "no demo was left running"
  session_dir=$(<"$kept_marker")
  session_id=${session_dir##*.}
  session_id=${session_id,,}
  docker_export_host
  if [[ -d $session_dir ]]; then clean_up; fi
  docker_user=demo-kept
  release_docker
  rm -f "$kept_marker"
  say "the demo is ended"
}
