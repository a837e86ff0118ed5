#!/usr/bin/env bash
# Every source is as clang-format would write it.
#
#   format_test.sh CLANG_FORMAT      in the root of a checkout
#
# Every version writes a little differently: with another than Debian bookworm's it is skipped.
set -euo pipefail
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support/skip.sh"
"$1" --version | grep -q 'version 14\.' || {
  skip_also_in_ci "the sources are as clang-format 14 writes them, and this is $("$1" --version)"
}
git ls-files -z '*.cpp' '*.h' | xargs -0 "$1" --dry-run --Werror
