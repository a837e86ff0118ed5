# shellcheck shell=bash
# A machine of the test's own, as far as what is documented can tell: every port of its loopback is free, and what is
# written below /etc and /var is gone with it. It has this machine's programs and its Docker, by the socket; so it
# does not reach containers by their addresses, but Docker tells it of their health.
#
# Sourced first, by a script that then calls enter_own_machine "$@".

# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../support/skip.sh"

# outside COMMAND...: in the network of the machine around it.
outside() { nsenter --net="/proc/self/fd/$SELFHEAL_OUTER_NETWORK" "$@"; }

private() {
  mkdir -p "/mnt/$1/new" "/mnt/$1/work" &&
    mount -t overlay -o "lowerdir=/$1,upperdir=/mnt/$1/new,workdir=/mnt/$1/work" overlay "/$1"
}

# With its network it belongs to the machine around; begin_test has nothing more to do then.
ensure_docker_outside() {
  # shellcheck source=compose/setup/docker.sh
  source "$(dirname -- "${BASH_SOURCE[0]}")/../../compose/setup/docker.sh"
  ensure_docker
}

# The same process goes on within, so that whoever ends it ends the test.
enter_own_machine() {
  if [[ -z ${SELFHEAL_OUTER_NETWORK:-} ]]; then
    [[ $(id -u) == 0 ]] || skip "only root can make a machine of its own for this test"
    unshare --mount --net true 2>/dev/null || skip "the kernel has no namespaces for this test"
    ensure_docker_outside
    [[ $DOCKER_HOST == unix://* ]] || skip "only by a socket is Docker reached from another network"
    exec {SELFHEAL_OUTER_NETWORK}</proc/self/ns/net
    export SELFHEAL_OUTER_NETWORK
    exec unshare --mount --net bash "$0" "$@"
  fi
  { ip link set lo up && mount -t tmpfs tmpfs /mnt && private etc && private var; } ||
    skip "the kernel does not give this test folders of its own"
}
