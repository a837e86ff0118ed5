# shellcheck shell=bash
# Packages of the distribution's newest suite, unpacked into a folder below build/ and run from there as
# they are. Nothing is installed: apt works in a root of its own, which is gone afterwards, and the
# system's sources and lists stay as they are.
# Sourced by newer.sh, newer_engine.sh and newer_compose.sh.
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

newer_suite=sid

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

# newer_download ROOT PACKAGE...: unpacked into ROOT/tree.
newer_download() {
  local root=$1 package
  shift
  mkdir -p "$root"/{state,lists/partial,cache/archives/partial,packages,tree}
  if ! newer_source_line >"$root/sources.list"; then
    echo "apt knows no mirror of Debian's: none is in its sources, or apt-get update was never run"
    return 1
  fi
  newer_apt "$root" update || return 1
  (cd "$root/packages" && newer_apt "$root" download "$@") || return 1
  for package in "$root"/packages/*.deb; do
    dpkg --extract "$package" "$root/tree" || return 1
  done
}

newer_is_in() { [[ -f $1/.complete ]]; }

# newer_put_together FOLDER CHECK ROOT PACKAGE...: complete, or not there at all.
newer_put_together() {
  local folder=$1 check=$2 root=$3
  shift 3
  newer_download "$root" "$@" && "$check" "$root/tree" || return 1
  : >"$root/tree/.complete"
  rm -rf "$folder"
  mv "$root/tree" "$folder"
}

# Quiet unless it fails. A subshell, so that trap and lock are its own: two at once wait for each other.
newer_fetch() (
  folder=$1 what=$2 check=$3
  shift 3
  mkdir -p "$repo_root/build" || exit 1
  exec 9>"$repo_root/build/.$(basename "$folder").lock"
  flock 9
  newer_is_in "$folder" && exit 0
  say "fetching $what from the distribution, into build/$(basename "$folder")"
  root=$(mktemp -d "$folder.XXXXXX") || exit 1
  trap 'rm -rf "$root"' EXIT
  quietly "$root/log" newer_put_together "$folder" "$check" "$root" "$@"
)

# newer_ensure FOLDER WHAT SCRIPT CHECK PACKAGE...: leaves the packages unpacked in FOLDER, of which
# CHECK, a command that gets the folder, says that they run here. Where that can't be done it says why,
# and fails; the caller decides what that means. SCRIPT is what a person would run.
newer_ensure() {
  local folder=$1 what=$2 script=$3
  shift 3
  newer_is_in "$folder" && return 0
  if [[ ${SELFHEAL_NO_INSTALL:-0} == 1 ]]; then
    say "build/$(basename "$folder") has not $what, and nothing may be fetched; run: $script"
    return 1
  fi
  newer_fetch "$folder" "$what" "$@" || {
    say "$what could not be had; the reason stands above"
    return 1
  }
}
