#!/usr/bin/env bash
# A bare system of Debian with an init system, as an image: where packages and the set-up of a virtual machine are
# tried, for nothing that happens to be on this machine can help them there.
#
#   compose/setup/bare.sh [SUITE]      bookworm, trixie, …; default: this machine's
#   source compose/setup/bare.sh; ensure_bare SUITE; docker run … "$(bare_image SUITE)"
#
# Made by debootstrap from the mirror that this machine's apt uses, once: build/bare/SUITE.tar is kept, and the
# image is made of it where Docker has none. The mirror stands in the image alone.
set -euo pipefail
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"
# shellcheck source=compose/setup/debootstrap.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/debootstrap.sh"

bare_folder=$repo_root/build/bare

bare_image() { echo "selfheal/bare:$1"; }

bare_this_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# bare_system SUITE FOLDER
bare_system() {
  bootstrap_debian "$1" "$2" systemd-sysv ca-certificates &&
    as_root sh -c "printf 'path-exclude /usr/share/doc/*\n' >'$2/etc/dpkg/dpkg.cfg.d/no-documentation'"
}

# A subshell, so that trap and lock are its own: two at once wait for each other.
bare_fetch() (
  suite=$1 tar=$bare_folder/$1.tar
  mkdir -p "$bare_folder"
  exec 9>"$bare_folder/.lock"
  flock 9
  [[ ! -f $tar ]] || exit 0
  say "making a bare $suite, into build/bare"
  root=$(bootstrap_folder)
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
