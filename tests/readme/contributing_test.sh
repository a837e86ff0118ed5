#!/usr/bin/env bash
# The commands of CONTRIBUTING.md, in the build folder that they speak of: what they make is what is there.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

readonly build_folder=${SELFHEAL_BUILD:-build/release}
[[ $build_folder -ef build/release ]] || skip_also_in_ci "CONTRIBUTING.md speaks of build/release"

begin_test
run_block CONTRIBUTING.md 'compose/setup/packages.sh build'
# What ctest writes down is what runs this test.
run_block CONTRIBUTING.md 'ctest --preset release' -e 's|^ctest |ctest --show-only |'
expect_text "the test that was chosen" "Total Tests: 1" "$(readme_output)"
shown "it is set up and built, and a test is found by its name"

copy_tree "$session_dir/tree"
mkdir "$session_dir/tree/build"
ln -s "$(realpath "$build_folder")" "$session_dir/tree/build/release"
cd "$session_dir/tree"
run_block CONTRIBUTING.md --help-configuration
for file in exporter/CONFIGURATION.md remediator/CONFIGURATION.md; do
  cmp "$file" "$repo_root/$file" || fail "$file is not what the program says"
done
shown "the configuration reference is made"
