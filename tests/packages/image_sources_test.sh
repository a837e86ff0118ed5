#!/usr/bin/env bash
# What compose/images/build.sh hands to Docker is all that a build needs: CMake configures it, and knows the programs.
# That it compiles too is seen by tests/bare/run.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=compose/images/build.sh
source "$repo_root/compose/images/build.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy_sources "$work/sources"
cmake -S "$work/sources" -B "$work/build" -G Ninja -DSELFHEAL_TESTS=OFF \
  -DCIVETWEB_PREFIX="$repo_root/build/civetweb" >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "the sources of an image can't be configured"
}
ninja -C "$work/build" -n selfheal-exporter selfheal-remediator sample-app >"$work/log" || fail "a program is missing in them"
passed "the sources of an image are complete"
