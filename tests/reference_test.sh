#!/usr/bin/env bash
# The committed CONFIGURATION.md is what the program says of itself.
#
#   tests/reference_test.sh PROGRAM CONFIGURATION.md
set -euo pipefail

program=$1 file=$2
# Docker's own variables would be defaults.
if ! env -i "$program" --help-configuration | diff -u --label committed --label program "$file" -; then
  echo "$file is not what the program says. Look at the difference, then: env -i $program --help-configuration >$file" >&2
  exit 1
fi
