#!/usr/bin/env bash
# Makes the packages for the tests beside this one, in the build folder that is tested: by the command of
# compose/packages/README.md, where that is the folder it speaks of.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/readme/lib.sh
source "$repo_root/tests/readme/lib.sh"

session_dir=$(mktemp -d)
trap 'rm -rf "$session_dir"' EXIT

# As a version before leaves them.
mkdir -p "$packages_folder"
touch "$packages_folder/selfheal-rules_0.0.1_all.deb" "$packages_folder/selfheal-rules_0.0.1_all.spdx.json"
if [[ $build_folder -ef $repo_root/build/release ]]; then
  cd "$repo_root"
  run_block compose/packages/README.md 'compose/setup/build.sh packages'
else
  cmake --build "$build_folder" --target packages
fi
for package in "${daemons[@]}" selfheal-rules; do
  compgen -G "$packages_folder/${package}_*.deb" >/dev/null || fail "there is no package of $package in $packages_folder"
done
! compgen -G "$packages_folder/*_0.0.1_*" >/dev/null || fail "what another version has left is still in $packages_folder"
passed "the packages are in $packages_folder"
