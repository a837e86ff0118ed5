#!/usr/bin/env bash
# A newer Docker Engine beside the distribution's own, into build/newer-engine. It is started by the
# tests that want it (tests/support/with_newer_engine.sh), and by nothing else.
#
#   compose/setup/newer_engine.sh
#   source compose/setup/newer_engine.sh; ensure_newer_engine
#
# Programs: build/newer-engine/usr/sbin/dockerd, and what it needs, in usr/bin; but for runc, which
# has to be the machine's own, since the newest suite's wants a newer libc. Quiet when they are there.
# With SELFHEAL_NO_INSTALL=1 nothing is fetched.
set -euo pipefail
# shellcheck source=compose/setup/newer_packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/newer_packages.sh"

newer_engine_folder=$repo_root/build/newer-engine

newer_engine_runs() {
  "$1/usr/sbin/dockerd" --version >/dev/null && "$1/usr/bin/containerd" --version >/dev/null
}

ensure_newer_engine() {
  newer_ensure "$newer_engine_folder" "a newer Docker Engine" compose/setup/newer_engine.sh \
    newer_engine_runs docker.io containerd
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  (($# == 0)) || die "usage: ${BASH_SOURCE[0]}"
  ensure_newer_engine || exit 1
fi
