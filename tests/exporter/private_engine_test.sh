#!/usr/bin/env bash
# Runs PROGRAM against an engine of its own, which speaks TLS and may be restarted, in a network
# namespace of its own: beside another engine, but never in its way.
#
#   private_engine_test.sh PROGRAM [ARGUMENT...]
#
# With SELFHEAL_TEST_ENGINE_NAME it calls its host that, and not as this machine is called. The
# engine that was there before is at SELFHEAL_TEST_OUTER_ENGINE; SELFHEAL_TEST_OUTER_API is the version of its API that
# clients were told to speak, for it need not be one that the engine of its own knows.
#
# Needs root, dockerd, ip, openssl and the sample app's image in the engine that is there; skipped where one is
# missing.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/skip.sh
source "$here/../support/skip.sh"
image=${SELFHEAL_TEST_IMAGE:-selfheal.invalid/sample-app:dev}

make_certificate() { # NAME SUBJECT EXTENSIONS
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1-key.pem" \
    -out "$1.csr" -subj "/CN=$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
    -out "$1.pem" -extfile <(echo "$3") 2>/dev/null
}

make_certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca-key.pem \
    -out ca.pem -days 2 -subj /CN=test-authority 2>/dev/null
  make_certificate server localhost "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
  make_certificate client client "extendedKeyUsage=clientAuth"
  mkdir client other
  cp ca.pem client/ca.pem
  mv client.pem client/cert.pem
  mv client-key.pem client/key.pem
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null \
    -out other/ca.pem -days 2 -subj /CN=another-authority 2>/dev/null
}

start_engine() {
  local named=()
  if [[ -n ${SELFHEAL_TEST_ENGINE_NAME:-} ]]; then
    # shellcheck disable=SC2016 # for the inner shell
    named=(unshare --uts bash -c 'echo "$0" >/proc/sys/kernel/hostname && exec "$@"'
      "$SELFHEAL_TEST_ENGINE_NAME")
  fi
  setsid "${named[@]}" dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
    -H "unix://$folder/docker.sock" -H tcp://127.0.0.1:2376 -H 'tcp://[::1]:2376' \
    --tlsverify --tlscacert "$folder/ca.pem" --tlscert "$folder/server.pem" \
    --tlskey "$folder/server-key.pem" --bridge none --iptables=false --ip6tables=false \
    --storage-driver vfs </dev/null >>"$folder/dockerd.log" 2>&1 &
  for _ in {1..300}; do
    # Newer clients would speak TLS to the socket as well, if the test that calls us back does.
    env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH docker -H "unix://$folder/docker.sock" version >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  tail -n 20 "$folder/dockerd.log" >&2
  return 1
}

stop_engine() { # [SIGNAL]
  local pid
  pid=$(cat "$folder/pid" 2>/dev/null) || return 0
  kill "-${1:-TERM}" "$pid" || return 0
  for _ in {1..300}; do
    has_ended "$pid" && return 0
    sleep 0.1
  done
  kill -KILL "$pid"
}

# What nobody has reaped yet has ended too.
has_ended() { # PID
  local state
  state=$(sed -n 's/^State:\s*//p' "/proc/$1/status" 2>/dev/null) || true
  [[ -z $state || $state == Z* ]]
}

# As a crash leaves it. Its containerd dies with it; but the number of what is not reaped is taken,
# and the next engine would wait for it.
kill_engine() {
  local containerd
  containerd=$(cat "$folder/exec/containerd/containerd.pid")
  stop_engine KILL
  for _ in {1..300}; do
    has_ended "$containerd" && break
    sleep 0.1
  done
  rm -f "$folder/pid" "$folder/exec/containerd/containerd.pid"
}

finish() {
  stop_engine
  end_shims "$folder"
  awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/self/mounts |
    xargs --no-run-if-empty umount --lazy 2>/dev/null || true
  rm -rf "$folder"
}

# The test calls us back to restart its engine, or to have it crash.
if [[ ${1:-} == --restart-engine ]]; then
  folder=$SELFHEAL_TEST_ENGINE_FOLDER
  if [[ ${2:-} == KILL ]]; then kill_engine; else stop_engine; fi
  start_engine
  exit
fi

say() { echo "$*" >&2; } # of what is sourced below
# shellcheck source=tests/support/own_containerd.sh
source "$here/../support/own_containerd.sh"

if [[ -z ${SELFHEAL_TEST_ENGINE_FOLDER:-} ]]; then
  [[ $(id -u) == 0 ]] || skip "an engine of its own needs root" "run it as root"
  for tool in dockerd docker ip openssl unshare; do
    command -v "$tool" >/dev/null || skip "there is no $tool" "tests/run installs it"
  done
  docker image inspect "$image" >/dev/null 2>&1 || skip "there is no image $image to take along" "compose/sample-app/build-image.sh $image"
  unshare --net --mount true 2>/dev/null || skip "no network namespace may be made here" "a container needs --privileged for that"
  SELFHEAL_TEST_ENGINE_FOLDER=$(mktemp -d /tmp/engine.XXXXXX)
  export SELFHEAL_TEST_ENGINE_FOLDER
  trap 'rm -rf "$SELFHEAL_TEST_ENGINE_FOLDER"' EXIT # until exec: then it is up to finish
  docker save "$image" -o "$SELFHEAL_TEST_ENGINE_FOLDER/image.tar"
  export SELFHEAL_TEST_OUTER_ENGINE=${DOCKER_HOST:-unix:///var/run/docker.sock}
  export SELFHEAL_TEST_OUTER_API=${DOCKER_API_VERSION:-}
  unset DOCKER_HOST
  launcher=(unshare --net --mount)
  # In a bare chroot / is no mount point, and dockerd can't unpack an image there.
  if ! mountpoint --quiet /; then
    # shellcheck disable=SC2016 # for the inner shell
    launcher+=(bash -c 'mount --rbind / /mnt && mount --make-rprivate /mnt && cd /mnt &&
      exec chroot /mnt "$@"' launcher)
  fi
  exec "${launcher[@]}" "${BASH_SOURCE[0]}" "$@"
fi

folder=$SELFHEAL_TEST_ENGINE_FOLDER
unset DOCKER_API_VERSION COMPOSE_API_VERSION # the other engine's
trap finish EXIT
ip link set lo up
leave_containerd_alone
# shellcheck source=compose/setup/cgroups.sh
source "$here/../../compose/setup/cgroups.sh"
ensure_cgroups
cd "$folder"
make_certificates
start_engine
docker -H "unix://$folder/docker.sock" load --quiet --input image.tar >/dev/null

export DOCKER_HOST=tcp://127.0.0.1:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$folder/client
export SELFHEAL_TEST_OTHER_CERTS=$folder/other
export SELFHEAL_TEST_ENGINE_RESTART="$here/${BASH_SOURCE[0]##*/} --restart-engine"
"$@"
