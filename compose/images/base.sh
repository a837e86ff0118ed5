#!/usr/bin/env bash
# The base image that everything else is built in: pulled where a registry is reached, else made from the
# distribution's packages under the same name.
#
#   compose/images/base.sh [IMAGE]      default: debian:bookworm-slim
#   source compose/images/base.sh; ensure_base IMAGE
#
# What is made here says so in its label org.opencontainers.image.description, and is the same as far as a build needs it: a
# minimal system of that release, with apt, from this machine's own mirror.
set -euo pipefail
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../setup/packages.sh"
# shellcheck source=compose/setup/debootstrap.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../setup/debootstrap.sh"

default_base=debian:bookworm-slim

image_is_there() { docker image inspect "$1" >/dev/null 2>&1; }

pull_seconds=300
pull_fault= # what the last pull that failed had to say

# Where no registry answers Docker gives up within a minute: what takes longer is a registry that is slow.
image_pulled() {
  local output status=0
  output=$(timeout "$pull_seconds" docker pull --quiet "$1" 2>&1) || status=$?
  ((status != 0)) || return 0
  pull_fault=$(tail -n 1 <<<"$output")
  ((status != 124)) || pull_fault="not done after $pull_seconds s"
  return 1
}

# Whether it is by the network that nothing was pulled: no registry has said anything. What one says (too many requests,
# no such image) or this machine (a full disk) may be otherwise in a minute, or is for a person to see to; so is a
# download that breaks off. A proxy that lets nobody through is told of by the words of its status alone, as is an
# answer that is none (EOF).
no_registry_reached() {
  [[ $pull_fault =~ (dial tcp|no such host|server misbehaving|connection refused|unreachable|no route to host|proxyconnect|Client\.Timeout|i/o timeout|handshake timeout|context deadline exceeded|[Tt]emporary failure|connection reset|https?://[^ ]*\": [A-Z][A-Za-z -]*$) ]]
}

# stand_in_is_due IMAGE: it can't be pulled, and what is made here has its name only where nobody can have the original.
stand_in_is_due() {
  no_registry_reached || die "$1 can't be pulled: $pull_fault
a stand-in is made only where no registry is reached: mend this, or docker pull it by hand, and run this again"
}

# bootstrap IMAGE: debian:RELEASE or debian:RELEASE-slim. A subshell, so that the trap is its own.
bootstrap() (
  image=$1
  release=${image#*:}
  release=${release%-slim}
  folder=$(bootstrap_folder)
  trap 'as_root rm -rf --one-file-system "$folder"' EXIT
  say "$image can't be pulled ($pull_fault): making it from the distribution's packages"
  quietly "$folder/log" bootstrap_debian "$release" "$folder/root" || die "$image could not be made; the reason stands above"
  as_root tar --create --directory "$folder/root" --exclude './var/lib/apt/lists/*' . |
    docker import --change "LABEL org.opencontainers.image.description='A stand-in from packages'" --change 'CMD ["bash"]' - "$image" >/dev/null
)

ensure_base() {
  image_is_there "$1" || image_pulled "$1" && return 0
  stand_in_is_due "$1"
  [[ $1 == debian:* ]] || die "$1 can't be pulled ($pull_fault), and a stand-in can be made of Debian's images only"
  ensure_packages images
  bootstrap "$1"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then ensure_base "${1:-$default_base}"; fi
