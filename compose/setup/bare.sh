#!/usr/bin/env bash
# A bare system of Debian with an init system, as an image: where packages and the set-up of a virtual machine are
# tried, for nothing that happens to be on this machine can help them there.
#
#   compose/setup/bare.sh [SUITE]      bookworm, trixie, …; default: this machine's
#   source compose/setup/bare.sh; ensure_bare SUITE; docker run … "$(bare_image SUITE)"
#
# Made by debootstrap from the mirror that this machine's apt uses, once: build/bare/SUITE-RECIPE.tar is kept, and the
# image is made of it where Docker has none. RECIPE is a checksum of the scripts that make it: when they change, both are
# made anew. The mirror stands in the image alone.
set -euo pipefail
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"
# shellcheck source=compose/setup/debootstrap.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/debootstrap.sh"

bare_folder=$repo_root/build/bare

bare_image() { echo "selfheal.invalid/bare:$1"; }

bare_recipe() { cat "$repo_root"/compose/setup/{bare,debootstrap}.sh | sha256sum | head -c 12; }

bare_tar() { echo "$bare_folder/$1-$(bare_recipe).tar"; }

bare_this_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# bare_system SUITE FOLDER
bare_system() {
  bootstrap_debian "$1" "$2" systemd-sysv ca-certificates &&
    as_root sh -c "printf 'path-exclude /usr/share/doc/*\n' >'$2/etc/dpkg/dpkg.cfg.d/no-documentation'"
}

# A subshell, so that trap and lock are its own: two at once wait for each other.
bare_fetch() (
  suite=$1 tar=$(bare_tar "$1")
  mkdir -p "$bare_folder"
  exec 9>"$bare_folder/.lock"
  flock 9
  [[ ! -f $tar ]] || exit 0
  say "making a bare $suite, into build/bare"
  root=$(bootstrap_folder)
  trap 'as_root rm -rf "$root"' EXIT
  quietly "$bare_folder/$suite.log" bare_system "$suite" "$root/tree" || exit 1
  as_root tar --one-file-system -C "$root/tree" -cf "$tar.new" . || exit 1
  rm -f "$bare_folder/$suite"{,-*}.tar # by another recipe
  mv "$tar.new" "$tar"
)

bare_image_made_of() { docker image inspect --format '{{index .Config.Labels "made-of"}}' "$1" 2>/dev/null; }

# import_bare SUITE: what had the name is gone, but for what a container still runs on.
import_bare() {
  local image before
  image=$(bare_image "$1")
  before=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null) || before=
  docker import --change 'CMD ["/sbin/init"]' --change 'ENV container=docker' --change "LABEL made-of=$(bare_recipe)" \
    "$(bare_tar "$1")" "$image" >/dev/null || return 1
  [[ -z $before ]] || docker rmi "$before" >/dev/null 2>&1 || true
}

# Leaves the image. Where it can't be made it says why, and fails.
ensure_bare() {
  local suite=$1
  [[ $(bare_image_made_of "$(bare_image "$suite")") != "$(bare_recipe)" ]] || return 0
  if [[ ! -f $(bare_tar "$suite") ]]; then
    ensure_packages bare
    bare_fetch "$suite" || {
      say "a bare $suite could not be had; the reason stands above"
      return 1
    }
  fi
  import_bare "$suite"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then ensure_bare "${1:-$(bare_this_suite)}"; fi
