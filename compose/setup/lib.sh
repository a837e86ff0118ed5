# shellcheck shell=bash
# What every script of the project needs: where it is, how it speaks, how it becomes root.
# Sourced, never run. Sourcing it changes nothing but these names, and PATH where it lacks something.

[[ -z ${repo_root:-} ]] || return 0 # sourced before

repo_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # for those who source this
readonly repo_root

# What only root may do is not on other people's PATH in Debian: dockerd would seem not to be installed.
[[ :$PATH: == *:/usr/sbin:* ]] || export PATH=$PATH:/usr/sbin:/sbin

say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [[ $(id -u) == 0 ]]; }

# as_root COMMAND...: by itself as root, else through sudo, else tells what a person has to run.
as_root() {
  if is_root; then
    "$@"
  elif have sudo; then
    say "sudo $*"
    sudo "$@"
  else
    die "this needs root, and there is no sudo; run as root: $*"
  fi
}

# env_value NAME FILE: what it sets NAME to. The last one counts, as it does for Compose.
env_value() { sed -n "s/^$1=//p" "$2" | tail -n 1; }

# env_example NAME: as the stack has it, unless somebody changes that.
env_example() { env_value "$1" "$repo_root/compose/env.example"; }

# quietly LOG COMMAND...: the output goes to LOG and is shown only if COMMAND fails.
quietly() {
  local log=$1 status=0
  shift
  "$@" >"$log" 2>&1 || status=$?
  ((status == 0)) || cat "$log" >&2
  return "$status"
}

# Milliseconds since the epoch.
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# The same from RFC 3339, with any fraction; nothing for nothing.
ms_of_time() { if [[ -n ${1:-} && $1 != null ]]; then date -d "$1" +%s%3N; fi; }

# wait_until SECONDS COMMAND...: asks every 100 ms; fails when the time is over.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}
