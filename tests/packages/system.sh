# shellcheck shell=bash
# A bare system with systemd as its first process, in a container.
# Sourced by life_test.sh and vm_test.sh, after lib.sh.

readonly system_suite=${SELFHEAL_TEST_SUITE:-$(bare_this_suite)}
work=
system=

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

in_system() { docker exec --env DEBIAN_FRONTEND=noninteractive "$system" "$@"; }

is_up() { [[ $(in_system systemctl is-system-running 2>/dev/null) == @(running|degraded) ]]; }

# systemd needs cgroups to write to and mounts that its services see, and sandboxes are mounts and namespaces:
# what a machine of its own would give it, and nothing of this one but Docker's socket. Nobody may ping, as in
# Debian's kernel; in its containers Docker lets everybody.
start_system() {
  docker run --detach --label "selfheal.test-run=${SELFHEAL_TEST_RUN:-packages}" \
    --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt seccomp=unconfined \
    --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    --sysctl 'net.ipv4.ping_group_range=1 0' \
    --tmpfs /run --tmpfs /run/lock --tmpfs /tmp --volume /sys/fs/cgroup:/sys/fs/cgroup \
    --volume /var/run/docker.sock:/run/docker.sock --stop-signal SIGRTMIN+3 \
    "$(bare_image "$system_suite")" sh -c 'mount --make-rshared / && exec /sbin/init'
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

# install_packages_of FOLDER: as an administrator would.
install_packages_of() {
  in_system rm -rf /packages
  docker cp "$1/." "$system:/packages/" >/dev/null
  in_system sh -c 'apt-get -qq --yes --no-install-recommends install /packages/*.deb' >"$work/apt.log" 2>&1 || {
    cat "$work/apt.log" >&2
    fail "apt-get can't install the packages"
  }
}

# answers PORT PATH CODE [CURL ARGUMENT...]: over the loopback of the system.
answers() {
  local port=$1 path=$2 code=$3
  shift 3
  [[ $(in_system curl -s -m 2 -o /dev/null -w '%{http_code}' "$@" "http://127.0.0.1:$port$path") == "$code" ]]
}

metric() { in_system curl -s -m 2 "http://127.0.0.1:$1/metrics" | awk -v name="$2" 'index($1, name) == 1 {print $2}'; }

connected() { [[ $(metric 10115 selfheal_exporter_docker_connected) == 1 ]]; }
