# shellcheck shell=bash
# A bare system with systemd as its first process, in a container.
# Sourced by life_test.sh and vm_test.sh, after lib.sh.

# shellcheck source=tests/support/bare_system.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../support/bare_system.sh"

readonly system_suite=${SELFHEAL_TEST_SUITE:-$(bare_this_suite)}
work=

end_system() {
  local status=$?
  trap '' INT TERM
  if [[ -n $system ]]; then
    if ((status != 0 && status != 77)); then
      in_system journalctl --no-pager --lines 40 --unit 'selfheal-*' >&2 || true
    fi
    docker rm --force --volumes "$system" >/dev/null
  fi
  rm -rf "$work"
}

# What a machine of its own would give systemd, and nothing of this one but Docker's socket.
start_system() {
  run_bare_system "$system_suite" 'exec /sbin/init' --cap-add SYS_PTRACE --tmpfs /run --tmpfs /run/lock --tmpfs /tmp \
    --volume /var/run/docker.sock:/run/docker.sock
}

# The group that owns Docker's socket, as it would be where Docker is installed.
make_docker_group() {
  in_system groupadd --system --gid "$(stat --dereference --format %g /var/run/docker.sock)" docker
}

begin_system() {
  work=$(mktemp -d)
  trap end_system EXIT
  trap 'exit 130' INT TERM
  [[ -S /var/run/docker.sock ]] || skip "Docker's socket is not on this machine"
  ensure_bare "$system_suite" || skip "there is no bare system to install the packages on"
  system=$(start_system) || fail "Docker does not run the bare system"
  wait_until 60 is_up || fail "systemd does not come up in the container"
  make_docker_group
  in_system apt-get -qq update || skip "the bare system reaches no mirror"
  in_system apt-get -qq --yes --no-install-recommends install curl procps >/dev/null || fail "apt-get installs nothing"
  passed "a bare $system_suite with systemd is up"
}

# answers PORT PATH CODE [CURL ARGUMENT...]: over the loopback of the system.
answers() {
  local port=$1 path=$2 code=$3
  shift 3
  [[ $(in_system curl -s -m 2 -o /dev/null -w '%{http_code}' "$@" "http://127.0.0.1:$port$path") == "$code" ]]
}

metric() { in_system curl -s -m 2 "http://127.0.0.1:$1/metrics" | awk -v name="$2" 'index($1, name) == 1 {print $2}'; }

connected() { [[ $(metric 10115 selfheal_exporter_docker_connected) == 1 ]]; }
