#!/usr/bin/env bash
# What skip.sh says with CI set and without, and that nothing else skips by itself.
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

# Whatever its name ends in. What is Python can't source skip.sh: the one that is here says the same of CI.
allowed=$'tests/support/skip.sh\ntests/workflows/workflows_test.py'
found=$(git ls-files -z tests compose bench | xargs -0 grep -lE '\b(exit|return)[ (].*\b77\b' | sort)
[[ $found == "$allowed" ]] || {
  echo "these end with 77, and not as skip.sh does, or are no longer seen to:" >&2
  diff <(echo "$allowed") <(echo "$found") >&2
  exit 1
}
echo "what is missing is skipped, and in CI it is a failure"
