#!/usr/bin/env bash
# The images are built from less than the whole repository: what build.sh takes of it is enough for CMake, and is what
# .dockerignore lets through to a build by hand.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=compose/images/build.sh
source "$repo_root/compose/images/build.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(ensure_packages build) || skip "what a build needs can't be had"
copy_sources "$work/sources"
let_through=$(sed -n 's/^!//p' "$repo_root/.dockerignore" | sort)
taken=$(cd "$work/sources" && find . -mindepth 1 -maxdepth 2 \( -path './compose/*' -o ! -path './*/*' ! -name compose \) -printf '%P\n' | sort)
[[ $taken == "$let_through" ]] || fail "build.sh takes other things than .dockerignore lets through, < > as there:
$(diff <(echo "$taken") <(echo "$let_through"))"
passed "both ways to build take the same"

cmake -S "$work/sources" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSELFHEAL_TESTS=OFF \
  -DCIVETWEB_PREFIX="$repo_root/build/civetweb" >"$work/log" 2>&1 || fail "CMake misses something in it:
$(<"$work/log")"
ninja -C "$work/build" -t query selfheal-exporter >/dev/null
passed "and CMake has enough with it"
