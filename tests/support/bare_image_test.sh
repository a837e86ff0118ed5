#!/usr/bin/env bash
# The bare system of compose/setup/bare.sh is made once, and anew when the scripts that make it have changed. What takes
# minutes is a stub here: Docker, and debootstrap.
#
#   tests/support/bare_image_test.sh        from the top of the repository
set -euo pipefail
# shellcheck source=compose/setup/bare.sh
source compose/setup/bare.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
bare_folder=$folder/bare
recipe=one
bare_recipe() { echo "$recipe"; }
ensure_packages() { :; }
as_root() { "$@"; }

bootstrap_debian() {
  echo made >>"$folder/done"
  mkdir -p "$2/etc/dpkg/dpkg.cfg.d"
}

# It has the one image that was imported last.
docker() {
  case "$1 $2" in
    'image inspect') [[ -f $folder/image ]] && cat "$folder/image" ;;
    'import --change')
      echo imported >>"$folder/done"
      grep -oP 'made-of=\K[a-z]+' <<<"$*" >"$folder/image"
      ;;
  esac
}

# expect WHAT DONE TARS: what ensure_bare does, and what is kept then.
expect() {
  local found tars
  : >"$folder/done"
  ensure_bare bookworm
  found=$(xargs <"$folder/done") tars=$(cd "$bare_folder" && echo *.tar)
  [[ $found == "$2" && $tars == "$3" ]] || {
    echo "$1: expected '$2' and $3, found '$found' and $tars" >&2
    exit 1
  }
}

expect "the first time" "made imported" bookworm-one.tar
expect "again" "" bookworm-one.tar
rm "$folder/image"
expect "Docker has lost the image" imported bookworm-one.tar
mv "$bare_folder/bookworm-one.tar" "$bare_folder/bookworm.tar" # as it was called once
recipe=two
expect "the recipe has changed" "made imported" bookworm-two.tar
touch "$bare_folder/trixie-one.tar"
recipe=three
expect "it has changed once more" "made imported" "bookworm-three.tar trixie-one.tar"
echo "a bare system is made anew when its recipe changes"
