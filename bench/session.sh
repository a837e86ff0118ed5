# shellcheck shell=bash
# One run of a bench: its folder, its processes, and the end of all of it.
# Sourced by the commands of bench/. One that has more to take down than processes and its folder
# defines on_session_end.

session_dir=
session_id=
stack_dir= # of what runs now: configuration, data, logs
failed_because=
declare -A pids=() port=()

begin_session() {
  session_dir=$(mktemp -d -t selfheal-bench.XXXXXX)
  session_id=${session_dir##*.}
  session_id=${session_id,,}
}

# start_process NAME COMMAND...: in a session of its own, so that Ctrl-C is ours alone to handle.
start_process() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$stack_dir/$name.log" 2>&1 &
  pids[$name]=$!
}

# run_process NAME COMMAND...: waits for its end, but a signal to us is handled at once.
run_process() {
  local name=$1 status=0
  shift
  setsid "$@" </dev/null &
  pids[$name]=$!
  wait "${pids[$name]}" || status=$?
  unset "pids[$name]"
  return "$status"
}

process_runs() { kill -0 "${pids[$1]}" 2>/dev/null; }

# signal_process NAME SIGNAL: and what it has started; until setsid has made it the leader of a group
# it is alone.
signal_process() {
  kill -s "$2" -- "-${pids[$1]}" 2>/dev/null || kill -s "$2" "${pids[$1]}" 2>/dev/null || true
}

stop_process() {
  signal_process "$1" TERM
  wait "${pids[$1]}" || true
  unset "pids[$1]"
}

processes_gone() {
  local name
  for name in "${!pids[@]}"; do
    if process_runs "$name"; then return 1; fi
  done
}

stop_processes() {
  local signal name
  for signal in TERM KILL; do
    for name in "${!pids[@]}"; do signal_process "$name" "$signal"; done
    if wait_until 10 processes_gone; then break; fi
  done
  for name in "${!pids[@]}"; do signal_process "$name" KILL; done # what has outlived its leader
  pids=()
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# pick_ports NAME...: below the range from which the kernel hands out.
pick_ports() {
  local name taken=" " candidate
  for name in "$@"; do
    until candidate=$((20000 + RANDOM % 12000)) && [[ $taken != *" $candidate "* ]] &&
      port_is_free "$candidate"; do :; done
    taken+="$candidate "
    port[$name]=$candidate
  done
}

url_of() { echo "http://127.0.0.1:${port[$1]:-0}"; }

answers_or_dead() { ! process_runs "$1" || curl -sf -m 1 -o /dev/null "$(url_of "$1")$2"; }

# await_answer NAME PATH
await_answer() {
  wait_until 30 answers_or_dead "$1" "$2" || fail "$1 does not answer"
  process_runs "$1" || fail "$1 has ended"
}

# fail REASON: ends the run with the logs.
fail() {
  failed_because=$*
  exit 1
}

show_logs() {
  local log
  for log in "$stack_dir"/*.log; do
    [[ -s $log ]] || continue
    printf '\n--- %s (last lines)\n' "$(basename "$log" .log)" >&2
    tail -n 15 "$log" | cut -c -400 >&2
  done
}

# The EXIT trap: whatever happened.
end_session() {
  trap '' INT TERM HUP PIPE # once is enough, and whoever read our output may be gone already
  set +e
  if [[ -n $failed_because ]]; then
    if [[ -n $stack_dir ]]; then show_logs; fi
    printf '\nFAILED: %s\n' "$failed_because" >&2
  fi
  stop_processes
  if declare -F on_session_end >/dev/null; then on_session_end; fi
  if [[ -n $session_dir ]]; then rm -rf "$session_dir"; fi
}
