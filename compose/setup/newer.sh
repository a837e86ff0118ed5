#!/usr/bin/env bash
# The newer generation of Prometheus and Alertmanager beside the distribution's own, into build/newer.
#
#   compose/setup/newer.sh
#   source compose/setup/newer.sh; ensure_newer
#
# Programs: build/newer/usr/bin/{prometheus,promtool,prometheus-alertmanager,amtool}. They come from
# the distribution's newest suite and run here as they are. Nothing is installed: apt works in a root
# of its own, which is gone afterwards, and the system's sources and lists stay as they are. Quiet
# when they are there. With SELFHEAL_NO_INSTALL=1 nothing is fetched either.
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

newer_folder=$repo_root/build/newer
newer_suite=sid
newer_packages=(prometheus promtool prometheus-alertmanager) # amtool is in the last
newer_programs=(prometheus promtool prometheus-alertmanager amtool)

newer_is_there() { [[ -f $newer_folder/.complete ]]; }

# The machine's own mirror, with the keyrings that its sources name.
newer_source_line() {
  local uri sources keyrings
  # shellcheck disable=SC2016 # apt expands these
  read -r uri sources < <(apt-get indextargets --format '$(REPO_URI) $(SOURCESENTRY)' \
    'Created-By: Packages' 'Label: Debian' 'Component: main' | head -n 1) || return 1
  sources=${sources%:*}
  keyrings=$({ grep -ohE '/[^][ ,"]+\.(gpg|asc|pgp)' "$sources" 2>/dev/null || true; } |
    sort -u | paste -sd,)
  printf 'deb %s%s %s main\n' "${keyrings:+[signed-by=$keyrings] }" "$uri" "$newer_suite"
}

# newer_apt ROOT ARGUMENT...: apt-get with sources, lists and cache of its own. Preferences stay out:
# one that pins the machine to its own suite would hide what is asked for.
newer_apt() {
  local root=$1
  shift
  apt-get -qq -o "Dir::Etc::SourceList=$root/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
    -o "Dir::State=$root/state" -o "Dir::State::Lists=$root/lists" -o "Dir::Cache=$root/cache" \
    -o Dir::State::Status=/dev/null -o "APT::Sandbox::User=$(id -un)" \
    -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::http::Timeout=30 "$@"
}

# newer_download ROOT: the packages, unpacked into ROOT/tree.
newer_download() {
  local root=$1 package
  mkdir -p "$root"/{state,lists/partial,cache/archives/partial,packages,tree}
  if ! newer_source_line >"$root/sources.list"; then
    echo "apt knows no mirror of Debian's: none is in its sources, or apt-get update was never run"
    return 1
  fi
  newer_apt "$root" update || return 1
  (cd "$root/packages" && newer_apt "$root" download "${newer_packages[@]}") || return 1
  for package in "$root"/packages/*.deb; do
    dpkg --extract "$package" "$root/tree" || return 1
  done
}

# One day the newest suite wants a newer libc than this machine has.
newer_programs_run() {
  local program
  for program in "${newer_programs[@]}"; do
    "$1/usr/bin/$program" --version >/dev/null || return 1
  done
}

# newer_put_together ROOT: complete, or not there at all.
newer_put_together() {
  newer_download "$1" && newer_programs_run "$1/tree" || return 1
  : >"$1/tree/.complete"
  rm -rf "$newer_folder"
  mv "$1/tree" "$newer_folder"
}

# Quiet unless it fails. A subshell, so that trap and lock are its own: two at once wait for each other.
newer_fetch() (
  mkdir -p "$repo_root/build" || exit 1
  exec 9>"$repo_root/build/.newer.lock"
  flock 9
  newer_is_there && exit 0
  say "fetching a newer Prometheus and Alertmanager from the distribution, into build/newer"
  root=$(mktemp -d "$repo_root/build/newer.XXXXXX") || exit 1
  trap 'rm -rf "$root"' EXIT
  quietly "$root/log" newer_put_together "$root"
)

# Leaves them in build/newer. Where that can't be done it says why, and fails; the caller decides what
# that means.
ensure_newer() {
  newer_is_there && return 0
  if [[ ${SELFHEAL_NO_INSTALL:-0} == 1 ]]; then
    say "build/newer has no newer Prometheus and Alertmanager, and nothing may be fetched; run: compose/setup/newer.sh"
    return 1
  fi
  newer_fetch || {
    say "no newer Prometheus and Alertmanager could be had; the reason stands above"
    return 1
  }
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  (($# == 0)) || die "usage: ${BASH_SOURCE[0]}"
  ensure_newer || exit 1
fi
