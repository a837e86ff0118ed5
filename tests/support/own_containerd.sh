# shellcheck shell=bash
# For an engine of a test's own, in namespaces of its own. Sourced by tests/exporter/private_engine_test.sh and
# tests/end_to_end/lib/nodes.sh.

# A containerd that runs as a service is not started by the engine but found by its socket, and what it starts is in its
# own network namespace, not the engine's. Out of sight in this mount namespace, the engine starts one of its own.
leave_containerd_alone() { [[ ! -d /run/containerd ]] || mount -t tmpfs tmpfs /run/containerd; }
