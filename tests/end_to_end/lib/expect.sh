# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# What a test expects, and where it looks for it.

seconds_of_ms() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

shown() { printf '  * %s\n' "$*"; }

# await SECONDS WHAT COMMAND...: fails the test when WHAT has not come true by then.
await() {
  local seconds=$1 what=$2
  shift 2
  wait_until "$seconds" "$@" || fail "not within $seconds s: $what"
}

# expect_equal WHAT EXPECTED ACTUAL
expect_equal() { [[ $2 == "$3" ]] || fail "$1: expected $2, found ${3:-nothing}"; }

# expect_text WHAT PART WHOLE
expect_text() { [[ $3 == *"$2"* ]] || fail "$1: expected \"$2\" in: $3"; }

# metric DAEMON NAME [LABEL="VALUE"...]: the sum of its series that have these labels; nothing where
# there are none.
metric() {
  local daemon=$1 name=$2
  shift 2
  curl -sf -m 5 "$(url_of "$daemon")/metrics" | name=$name wanted="$*" awk '
    BEGIN {name = ENVIRON["name"]; count = split(ENVIRON["wanted"], wanted, " ")}
    index($0, name "{") == 1 || index($0, name " ") == 1 {
      for (i = 1; i <= count; ++i) if (!index($0, wanted[i])) next
      sum += $NF
      found = 1
    }
    END {if (found) print sum}'
}

# expect_metric VALUE DAEMON NAME [LABEL="VALUE"...]
expect_metric() {
  local value
  value=$(metric "${@:2}")
  expect_equal "${*:2}" "$1" "$value"
}

metric_is() { [[ $(metric "${@:2}") == "$1" ]]; }

await_metric() { await 10 "${*:2} is $1" metric_is "$@"; }

# log_lines NAME PATTERN: how many lines of its log match.
log_lines() { grep -cE -- "$2" "$session_dir/$1.log" || true; }

# expect_log_lines COUNT NAME PATTERN
expect_log_lines() {
  expect_equal "lines in the log of $2 that match \"$3\"" "$1" "$(log_lines "$2" "$3")"
}

log_has() { grep -qE -- "$2" "$session_dir/$1.log"; }

# await_log NAME PATTERN
await_log() { await 20 "$1 logs \"$2\"" log_has "$1" "$2"; }
