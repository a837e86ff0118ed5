# shellcheck shell=bash
# dockerd needs cgroups; where no init system runs, nobody may have mounted them.
# Sourced by docker.sh.

cgroups_root=/sys/fs/cgroup

# A controller lives in one hierarchy only, v1's or v2's: one that some v1 hierarchy of this machine
# has taken (its number is not 0) can't be had from v2 any more.
cgroups_taken_by_v1() { awk '$1 !~ /^#/ && $2 != 0 {taken = 1} END {exit !taken}' /proc/cgroups; }

cgroups_controllers() { awk '$1 !~ /^#/ && $4 == 1 {print $1}' /proc/cgroups; }

cgroups_mount_v1() {
  local name folder
  mountpoint -q "$cgroups_root" || mount -t tmpfs -o mode=755 cgroup "$cgroups_root"
  for name in $(cgroups_controllers); do
    folder=$cgroups_root/$name
    mountpoint -q "$folder" && continue
    mkdir -p "$folder" 2>/dev/null || continue
    # One that can't be had is no reason to give up: dockerd says what it can't do without.
    mount -t cgroup -o "$name" cgroup "$folder" 2>/dev/null || rmdir "$folder"
  done
}

ensure_cgroups() {
  # Also what is missing beside others: with one controller unmounted an engine of Debian's sees no
  # container's memory and no OOM kill.
  if mountpoint -q "$cgroups_root/devices"; then
    cgroups_mount_v1
    return 0
  fi
  if [[ $(stat --file-system --format %T "$cgroups_root") == cgroup2fs ]]; then return 0; fi
  say "mounting cgroups on $cgroups_root"
  if cgroups_taken_by_v1 || mountpoint -q "$cgroups_root"; then
    cgroups_mount_v1
  else
    mount -t cgroup2 cgroup2 "$cgroups_root"
  fi
}
