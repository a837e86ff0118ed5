#!/usr/bin/env bash
# Every source is as clang-format would write it.
#
#   format_test.sh CLANG_FORMAT      in the root of a checkout
set -euo pipefail
git ls-files -z '*.cpp' '*.h' | xargs -0 "$1" --dry-run --Werror
