#!/usr/bin/env bash
# The newer generation of Prometheus and Alertmanager beside the distribution's own, into build/newer.
#
#   compose/setup/newer.sh
#   source compose/setup/newer.sh; ensure_newer
#
# Programs: build/newer/usr/bin/{prometheus,promtool,prometheus-alertmanager,amtool}. Quiet when they
# are there. With SELFHEAL_NO_INSTALL=1 nothing is fetched.
set -euo pipefail
# shellcheck source=compose/setup/newer_packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/newer_packages.sh"

newer_folder=$repo_root/build/newer

# One day the newest suite wants a newer libc than this machine has.
newer_programs_run() {
  local program
  for program in prometheus promtool prometheus-alertmanager amtool; do
    "$1/usr/bin/$program" --version >/dev/null || return 1
  done
}

ensure_newer() {
  # amtool is in the last one.
  newer_ensure "$newer_folder" "a newer Prometheus and Alertmanager" compose/setup/newer.sh \
    newer_programs_run prometheus promtool prometheus-alertmanager
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  (($# == 0)) || die "usage: ${BASH_SOURCE[0]}"
  ensure_newer || exit 1
fi
