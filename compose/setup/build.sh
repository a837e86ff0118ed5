#!/usr/bin/env bash
# Builds everything into build/release: the packages a build needs, civetweb, then CMake.
#
#   compose/setup/build.sh [--no-install] [TARGET...]
#   source compose/setup/build.sh; build_release [TARGET...]
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=compose/setup/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"

# On a terminal ninja's own progress line is the best one; elsewhere only a failure is of interest.
run_build_step() {
  local log=$1
  shift
  if [[ -t 1 ]]; then "$@"; else quietly "$log" "$@"; fi
}

build_release() {
  local log status=0 warnings=${SELFHEAL_WERROR:-} options=() targets=()
  [[ -z ${CI:-} ]] || warnings=ON
  # What is not said stays as the folder has it.
  [[ -z $warnings ]] || options+=("-DSELFHEAL_WERROR=$warnings")
  [[ -z ${SELFHEAL_PACKAGE_CONTACT:-} ]] || options+=("-DSELFHEAL_PACKAGE_CONTACT=$SELFHEAL_PACKAGE_CONTACT")
  (($# == 0)) || targets=(--target "$@")
  ensure_packages build
  cd "$repo_root"
  common/http/civetweb/build.sh build/civetweb
  log=$(mktemp)
  say "building ${*:-everything} (build/release)"
  { quietly "$log" cmake --preset release "${options[@]}" &&
    run_build_step "$log" cmake --build --preset release "${targets[@]}"; } || status=$?
  rm -f "$log"
  ((status == 0)) || die "the build failed"
}

build_main() {
  if [[ ${1:-} == --no-install ]]; then
    export SELFHEAL_NO_INSTALL=1
    shift
  fi
  build_release "$@"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then build_main "$@"; fi
