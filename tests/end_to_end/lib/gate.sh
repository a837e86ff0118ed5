# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# A gate in front of Docker's socket (tests/crash/docker_gate/gate.h): what a daemon asks of Docker
# gets stuck there, or does not get there at all.

readonly gate_program=${SELFHEAL_DOCKER_GATE:-${SELFHEAL_BUILD:-$repo_root/build/release}/tests/crash/docker-gate}

gate_socket() { echo "$session_dir/gate.sock"; }

# gate MODE: from the next request on.
gate() { echo "$1" >"$session_dir/gate.mode"; }

gate_answers() { [[ $(curl -s -m 1 --unix-socket "$(gate_socket)" http://docker/_ping) == OK ]]; }

# The daemons that are started from now on come by it.
use_gate() { engine_in_front=unix://$(gate_socket); }

start_gate() {
  [[ $DOCKER_HOST == unix://* ]] || die "the gate needs Docker on a Unix socket, not $DOCKER_HOST"
  gate pass
  start_process gate "$gate_program" "$(gate_socket)" "${DOCKER_HOST#unix://}" "$session_dir/gate.mode"
  await 10 "the gate lets through to Docker" gate_answers
}
