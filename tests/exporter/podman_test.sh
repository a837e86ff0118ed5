#!/usr/bin/env bash
# Runs PROGRAM against Podman's service, with storage of its own.
#
#   podman_test.sh PROGRAM [ARGUMENT...]
#
# Needs root, podman, docker's command line and the sample app's image in the Docker engine; exits
# with 77, which ctest takes as skipped, where one is missing.
set -euo pipefail
image=${SELFHEAL_TEST_IMAGE:-selfheal/sample-app:dev}

skip() {
  echo "skipped: $*" >&2
  exit 77
}

[[ $(id -u) == 0 ]] || skip "Podman's storage of its own needs root"
for tool in podman docker; do
  command -v "$tool" >/dev/null || skip "there is no $tool"
done
docker image inspect "$image" >/dev/null 2>&1 || skip "there is no image $image to take along"

folder=$(mktemp -d /tmp/podman.XXXXXX)
runtime=$(command -v crun || command -v runc) || skip "there is no crun or runc"
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
"${podman[@]}" load --quiet --input "$folder/image.tar" >"$folder/loaded"
"${podman[@]}" system service --time=0 "unix://$folder/podman.sock" >"$folder/service.log" 2>&1 &
service=$!
for _ in {1..100}; do
  [[ -S $folder/podman.sock ]] && break
  sleep 0.1
done

unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION
export DOCKER_HOST=unix://$folder/podman.sock
SELFHEAL_TEST_IMAGE=$(sed -n 's/^Loaded image: //p' "$folder/loaded") # under which registry depends on the engine
export SELFHEAL_TEST_IMAGE
export SELFHEAL_TEST_PODMAN="${podman[*]}"
"$@"
