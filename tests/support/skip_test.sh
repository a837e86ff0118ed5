#!/usr/bin/env bash
# What skip.sh says with CI set and without, and that no script of the tests skips by itself.
#
#   tests/support/skip_test.sh        from the top of the repository
set -euo pipefail

# expect STATUS TEXT CI COMMANDS: that they end so, and say so.
expect() {
  local status=0 said
  said=$(CI=$3 bash -c "source tests/support/skip.sh; $4; echo went on" 2>&1) || status=$?
  [[ $status == "$1" && $said == "$2" ]] || {
    echo "CI='$3' $4: expected $1 and \"$2\", found $status and \"$said\"" >&2
    exit 1
  }
}

expect 77 "skipped: no frobnicator; to have it: apt-get install it" '' "skip 'no frobnicator' 'apt-get install it'"
expect 77 "skipped: no frobnicator" '' "skip 'no frobnicator'"
expect 1 "FAILED: no frobnicator, and with CI set nothing may be missing; to have it: apt-get install it" true \
  "skip 'no frobnicator' 'apt-get install it'"
expect 77 "skipped: another kernel" true "skip_also_in_ci 'another kernel'"

others=$(grep -rlE '(exit|return) 77' tests --include='*.sh' | grep -v '^tests/support/skip' || true)
[[ -z $others ]] || {
  echo "these end with 77 without skip.sh: $others" >&2
  exit 1
}
echo "what is missing is skipped, and in CI it is a failure"
