#!/usr/bin/env bash
# A Docker daemon to work with: the one that answers, else one started by hand.
#
#   source compose/setup/docker.sh; ensure_docker; …; release_docker
#   compose/setup/docker.sh start|stop|status      one that stays until "stop"
#
# A daemon that we started is shared: whoever uses it registers, the last one to leave stops it.
# One that was there before is never stopped. Sets and exports DOCKER_HOST.
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"
# shellcheck source=compose/setup/cgroups.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/cgroups.sh"

# Below /run: a reboot ends the daemon, and then what is remembered of it must go as well.
docker_state=/run/selfheal-dev
docker_default_host=unix:///var/run/docker.sock
# Who is registered: a script by its pid, and counts while that lives; any other name until released.
docker_user=$$

docker_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# The pid of the daemon that these scripts started, if it still runs.
docker_our_pid() {
  local pid
  pid=$(cat "$docker_state/dockerd.pid" 2>/dev/null) || return 1
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] && echo "$pid"
}

# A pid file whose process is gone or is something else keeps dockerd and containerd from starting.
docker_forget_stale() {
  local file name
  for file in "$docker_state/dockerd.pid" /run/docker.pid /run/docker/containerd/containerd.pid; do
    [[ -f $file ]] || continue
    name=$(basename "$file" .pid)
    [[ $name == docker ]] && name=dockerd
    [[ $(cat "/proc/$(<"$file")/comm" 2>/dev/null) == "$name" ]] || rm -f "$file"
  done
}

docker_launch() {
  docker_forget_stale
  # Its own session, so that Ctrl-C in a terminal does not reach it; no descriptors of ours, for it
  # would hold our lock for as long as it lives.
  local launcher=()
  # In a bare chroot / is no mount point, and dockerd can't unpack an image there: give it one, in a
  # mount namespace of its own.
  if ! mountpoint --quiet /; then
    # shellcheck disable=SC2016 # for the inner shell
    launcher=(unshare --mount --propagation unchanged bash -c
      'mount --rbind / /mnt && mount --make-rprivate /mnt && cd /mnt && exec chroot /mnt "$@"' launcher)
  fi
  setsid "${launcher[@]}" dockerd --pidfile "$docker_state/dockerd.pid" \
    </dev/null >>"$docker_state/dockerd.log" 2>&1 9>&- &
  docker_launched=$!
}

docker_came_up() { docker_answers || ! kill -0 "$docker_launched" 2>/dev/null; }

# From here to docker_release: as root, through the entry point below.
docker_start_daemon() {
  say "starting dockerd (log: $docker_state/dockerd.log)"
  export DOCKER_HOST=$docker_default_host
  ensure_cgroups
  : >"$docker_state/dockerd.log"
  docker_launch
  wait_until 60 docker_came_up || true
  docker_answers && return 0
  tail -n 20 "$docker_state/dockerd.log" >&2
  kill "$docker_launched" 2>/dev/null || true
  die "dockerd did not come up"
}

docker_stop_daemon() {
  local pid
  pid=$(docker_our_pid) || return 0
  say "stopping dockerd"
  kill "$pid"
  wait_until 60 eval "! kill -0 $pid 2>/dev/null" || die "dockerd (pid $pid) does not stop"
}

# A second daemon beside ours that is told to have no bridge deletes docker0, ours; without it no
# container of ours starts. Made anew as the daemon knows it, there is no need to start it again.
docker_repair_bridge() {
  local address
  ip link show docker0 >/dev/null 2>&1 && return 0
  address=$(docker network inspect bridge --format \
    '{{range .IPAM.Config}}{{.Gateway}} {{.Subnet}}{{end}}' 2>/dev/null | sed 's| .*/|/|')
  [[ -n $address ]] || return 0
  say "docker0 has vanished: making it anew"
  ip link add docker0 type bridge
  ip address add "$address" dev docker0
  ip link set docker0 up
}

docker_lock() {
  mkdir -p "$docker_state/users"
  exec 9>"$docker_state/lock"
  flock 9
}

docker_unlock() { exec 9>&-; }

# Somebody else uses our daemon: a script that lives, somebody who asked it to stay, a container.
docker_in_use() {
  local user
  for user in "$docker_state"/users/*; do
    [[ -e $user ]] || continue
    [[ ${user##*/} == *[!0-9]* || -d /proc/${user##*/} ]] && return 0
    rm -f "$user"
  done
  [[ -n $(docker ps --quiet 2>/dev/null) ]]
}

# docker_acquire USER: starts it if nothing answers, and remembers who needs it.
docker_acquire() {
  docker_lock
  docker_answers || docker_start_daemon
  if docker_our_pid >/dev/null; then
    : >"$docker_state/users/$1"
    docker_repair_bridge
  fi
  docker_unlock
}

# docker_release USER: the last one to leave stops it.
docker_release() {
  docker_lock
  rm -f "$docker_state/users/$1"
  if docker_in_use; then
    [[ $1 != keep ]] || say "dockerd stays: it is in use"
  else
    docker_stop_daemon
  fi
  docker_unlock
}

# Only where nothing answers and nobody else is in charge of the daemon may we start one.
docker_may_start() {
  [[ -z ${DOCKER_HOST:-} || $DOCKER_HOST == "$docker_default_host" ]] ||
    die "nothing answers on DOCKER_HOST=$DOCKER_HOST"
  docker_check_permission
}

docker_check_permission() {
  if [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]]; then
    die "Docker's socket may not be used by $(id -un): be root, or become a member of the group
'docker', which is as good: usermod --append --groups docker $(id -un), as root, and log in anew"
  fi
}

docker_system_service() {
  [[ -d /run/systemd/system ]] && systemctl cat docker.service >/dev/null 2>&1
}

docker_export_host() {
  DOCKER_HOST=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)}
  export DOCKER_HOST=${DOCKER_HOST:-$docker_default_host}
}

# Whether it is a daemon of ours that DOCKER_HOST speaks of.
docker_is_ours() {
  [[ -z ${DOCKER_HOST:-} || $DOCKER_HOST == "$docker_default_host" ]] && docker_our_pid >/dev/null
}

# Docker's own package brings a service; where nobody runs services, or there is none, it is ours.
docker_start() {
  docker_may_start
  docker_system_service || ensure_packages dockerd
  if docker_system_service; then
    docker_answers || say "starting the system's own Docker service; it is left running"
    as_root systemctl start docker.service
  else
    as_root "${BASH_SOURCE[0]}" acquire "$docker_user"
  fi
}

# Leaves a daemon that answers, and DOCKER_HOST set to it.
ensure_docker() {
  ensure_packages docker
  # Somebody else's is used, and never stopped.
  if ! docker_answers || docker_is_ours; then docker_start; fi
  docker_export_host
  docker_answers && return 0
  docker_check_permission
  die "Docker does not answer on $DOCKER_HOST"
}

release_docker() {
  [[ -e $docker_state/users/$docker_user ]] || return 0
  as_root "$repo_root/compose/setup/docker.sh" release "$docker_user"
}

docker_main() {
  case ${1:-} in
    start)
      docker_user=keep
      ensure_docker
      ;;
    stop) as_root "${BASH_SOURCE[0]}" release keep ;;
    status) if docker_answers; then echo "answers${DOCKER_HOST:+ on $DOCKER_HOST}"; else die "nothing answers"; fi ;;
    acquire) docker_acquire "$2" ;;
    release) docker_release "$2" ;;
    *) die "usage: ${BASH_SOURCE[0]} start|stop|status" ;;
  esac
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then docker_main "$@"; fi
