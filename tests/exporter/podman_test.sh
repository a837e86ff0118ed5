#!/usr/bin/env bash
# Runs PROGRAM against Podman's service, with storage of its own.
#
#   podman_test.sh PROGRAM [ARGUMENT...]
#
# Needs root, podman, docker's command line and the sample app's image in the Docker engine; skipped where one is
# missing.
set -euo pipefail
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../support/skip.sh"
image=${SELFHEAL_TEST_IMAGE:-selfheal.invalid/sample-app:dev}

[[ $(id -u) == 0 ]] || skip "Podman's storage of its own needs root" "run it as root"
for tool in podman docker; do
  command -v "$tool" >/dev/null || skip "there is no $tool" "tests/run installs it"
done
docker image inspect "$image" >/dev/null 2>&1 || skip "there is no image $image to take along" "compose/sample-app/build-image.sh $image"

folder=$(mktemp -d /tmp/podman.XXXXXX)
runtime=$(command -v crun || command -v runc) || skip "there is no crun or runc" "tests/run installs one"
# No init system, no limits above ours.
cat >"$folder/containers.conf" <<CONF
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=$(ulimit -Hn):$(ulimit -Hn)", "nproc=4096:4096"]
CONF
export CONTAINERS_CONF=$folder/containers.conf
podman=(podman --root "$folder/root" --runroot "$folder/run" --storage-driver vfs
  --runtime "$runtime")

service=
finish() {
  "${podman[@]}" rm --all --force --time 0 >/dev/null 2>&1 || true
  [[ -z $service ]] || kill "$service" 2>/dev/null || true
  umount --recursive --lazy "$folder/root/vfs" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

docker save "$image" -o "$folder/image.tar"
# By load it might be read as an OCI image, which knows no HEALTHCHECK.
"${podman[@]}" pull --quiet "docker-archive:$folder/image.tar" >/dev/null
"${podman[@]}" system service --time=0 "unix://$folder/podman.sock" >"$folder/service.log" 2>&1 &
service=$!
for _ in {1..100}; do
  [[ -S $folder/podman.sock ]] && break
  sleep 0.1
done

unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION
export DOCKER_HOST=unix://$folder/podman.sock
SELFHEAL_TEST_IMAGE=$("${podman[@]}" images --format '{{.Repository}}:{{.Tag}}') # of which registry depends on the engine
export SELFHEAL_TEST_IMAGE
export SELFHEAL_TEST_PODMAN="${podman[*]}"
"$@"
