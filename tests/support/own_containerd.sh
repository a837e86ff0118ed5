# shellcheck shell=bash
# For an engine of a test's own, in namespaces of its own. Sourced by tests/exporter/private_engine_test.sh and
# tests/end_to_end/lib/nodes.sh.

# A containerd that runs as a service is not started by the engine but found by its socket, and what it starts is in its
# own network namespace, not the engine's. Out of sight in this mount namespace, the engine starts one of its own.
leave_containerd_alone() { [[ ! -d /run/containerd ]] || mount -t tmpfs tmpfs /run/containerd; }

# end_shims FOLDER: what an engine whose --exec-root is FOLDER/exec has left when it was killed and did not come back:
# containers, and what holds them.
end_shims() {
  local shim
  for shim in $(pgrep -f -- "-address $1/exec/"); do
    ps -o pid= --ppid "$shim" | xargs --no-run-if-empty kill -KILL 2>/dev/null || true
    kill -KILL "$shim" 2>/dev/null || true
  done
}
