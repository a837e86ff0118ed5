#!/usr/bin/env bash
# A bare system of Debian with an init system, as an image: where packages and the set-up of a virtual machine are
# tried, for nothing that happens to be on this machine can help them there.
#
#   compose/setup/bare.sh [SUITE]      default: this machine's
#   source compose/setup/bare.sh; ensure_bare SUITE; docker run … "$(bare_image SUITE)"
#
# Made by debootstrap from the mirror that this machine's apt uses, once: build/bare/SUITE.tar is kept, and the
# image is made of it where Docker has none. The mirror stands in the image alone.
set -euo pipefail
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"

bare_folder=$repo_root/build/bare

bare_image() { echo "selfheal/bare:$1"; }

bare_this_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# The address of Debian's main archive as apt has it.
bare_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | head -n 1
}

# bare_system SUITE FOLDER
bare_system() {
  local suite=$1 folder=$2 mirror
  mirror=$(bare_mirror)
  [[ -n $mirror ]] || {
    echo "apt knows no mirror of Debian's: none is in its sources, or apt-get update was never run"
    return 1
  }
  as_root debootstrap --variant=minbase --include=systemd-sysv,ca-certificates "$suite" "$folder" "$mirror" &&
    as_root sh -c "rm -rf '$folder'/var/cache/apt/archives/*.deb &&
      printf 'path-exclude /usr/share/doc/*\n' >'$folder/etc/dpkg/dpkg.cfg.d/no-documentation'"
}

# A subshell, so that trap and lock are its own: two at once wait for each other.
bare_fetch() (
  suite=$1 tar=$bare_folder/$1.tar
  mkdir -p "$bare_folder"
  exec 9>"$bare_folder/.lock"
  flock 9
  [[ ! -f $tar ]] || exit 0
  say "making a bare $suite, into build/bare"
  root=$(mktemp -d)
  trap 'as_root rm -rf "$root"' EXIT
  quietly "$bare_folder/$suite.log" bare_system "$suite" "$root/tree" || exit 1
  as_root tar --one-file-system -C "$root/tree" -cf "$tar.new" . && mv "$tar.new" "$tar"
)

# Leaves the image. Where it can't be made it says why, and fails.
ensure_bare() {
  local suite=$1
  docker image inspect "$(bare_image "$suite")" >/dev/null 2>&1 && return 0
  if [[ ! -f $bare_folder/$suite.tar ]]; then
    ensure_packages bare
    bare_fetch "$suite" || {
      say "a bare $suite could not be had; the reason stands above"
      return 1
    }
  fi
  docker import --change 'CMD ["/sbin/init"]' --change 'ENV container=docker' \
    "$bare_folder/$suite.tar" "$(bare_image "$suite")" >/dev/null
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then ensure_bare "${1:-$(bare_this_suite)}"; fi
