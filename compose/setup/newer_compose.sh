#!/usr/bin/env bash
# Compose v2 beside the distribution's 1.29, into build/newer-compose: compose/compose.yaml is to load
# with both.
#
#   compose/setup/newer_compose.sh
#   source compose/setup/newer_compose.sh; ensure_newer_compose
#
# Program: $newer_compose. Quiet when it is there. With SELFHEAL_NO_INSTALL=1 nothing is fetched.
set -euo pipefail
# shellcheck source=compose/setup/newer_packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/newer_packages.sh"

newer_compose_folder=$repo_root/build/newer-compose
# Docker would find it there as its plug-in; it runs by itself as well.
# shellcheck disable=SC2034 # for those who source this
newer_compose=$newer_compose_folder/usr/libexec/docker/cli-plugins/docker-compose

newer_compose_runs() { "$1/usr/libexec/docker/cli-plugins/docker-compose" version >/dev/null; }

ensure_newer_compose() {
  newer_ensure "$newer_compose_folder" "Compose v2" compose/setup/newer_compose.sh newer_compose_runs docker-compose
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  (($# == 0)) || die "usage: ${BASH_SOURCE[0]}"
  ensure_newer_compose || exit 1
fi
