# shellcheck shell=bash
# A bare Debian (compose/setup/bare.sh) as a container, with systemd as its first process or another.
# Sourced by tests/packages/system.sh and tests/bare/run, after compose/setup/bare.sh.

system= # its id, as run_bare_system tells it

in_system() { docker exec --env DEBIAN_FRONTEND=noninteractive "$system" "$@"; }

is_up() { [[ $(in_system systemctl is-system-running 2>/dev/null) == @(running|degraded) ]]; }

# run_bare_system SUITE COMMANDS [ARGUMENT of docker run...]: COMMANDS end with the first process. What systemd needs
# are cgroups of its own, which Docker mounts so that they can't be written to, and mounts that its services see.
run_bare_system() {
  local suite=$1 commands=$2
  shift 2
  docker run --detach --label "selfheal.test-run=${SELFHEAL_TEST_RUN:-packages}" --cgroupns private --cap-add SYS_ADMIN \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    --stop-signal SIGRTMIN+3 "$@" "$(bare_image "$suite")" sh -c "set -e
for folder in /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint -q \"\$folder\"; then mount -o remount,rw,bind \"\$folder\"; fi
done
mount --make-rshared /
$commands"
}
