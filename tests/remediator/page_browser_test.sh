#!/usr/bin/env bash
# The remediator's page in a real browser: the script runs under the page's own policy, shows what has
# come since, and nothing that an alert names becomes markup. Skipped where there is no chromium.
#
#   tests/remediator/page_browser_test.sh SELFHEAL_REMEDIATOR
set -euo pipefail
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../support/skip.sh"

remediator=$1
browser=$(command -v chromium || command -v chromium-browser || true)
if [[ -z $browser ]]; then
  skip "there is no chromium" "compose/setup/packages.sh browser"
fi

folder=$(mktemp -d)
pid=
finish() {
  if [[ -n $pid ]]; then kill "$pid" 2>/dev/null && wait "$pid" || true; fi
  rm -rf "$folder"
}
trap finish EXIT
: >"$folder/log" # it is read before the shell has begun the daemon, perhaps

"$remediator" --dry-run --docker.host "unix://$folder/none.sock" --journal.path "$folder/journal.db" \
  --web.listen-address 127.0.0.1:0 2>>"$folder/log" &
pid=$!
for ((i = 0; i < 100; i++)); do
  address=$(sed -nE 's/.*msg=listening address=([0-9.:]+).*/\1/p' "$folder/log")
  [[ -n $address ]] && break
  sleep 0.1
done
[[ -n $address ]] || { cat "$folder/log" >&2; exit 1; }

fire() {
  curl -sSf -o "$folder/answer" "http://$address/api/v1/alerts" -H 'Content-Type: application/json' --data-binary \
    '{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"ProbeFailing","host":"box",
     "remediation":"restart","container":"'"$1"'"},"startsAt":"2026-01-31T11:59:57Z","fingerprint":"'"$2"'"}]}'
}
fire '<img src=x onerror=document.title=1>' f1

# What the page is after some seconds of its own, and what it complained of.
dom() {
  timeout 50 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" \
    --enable-logging=stderr --virtual-time-budget=12000 --dump-dom "http://$address$1" \
    >"$folder/dom" 2>"$folder/browser"
}
expect() {
  grep -qF -- "$2" "$folder/dom" || { echo "$1: not there: $2" >&2; cat "$folder/dom" >&2; exit 1; }
}
expect_none() {
  if grep -qE -- "$2" "$folder/$3"; then
    echo "$1: there is $2" >&2
    grep -E -- "$2" "$folder/$3" >&2
    exit 1
  fi
}

for path in / /incidents/1; do
  dom "$path"
  expect "$path" '&lt;img src=x onerror'
  expect_none "$path" '<img|<title>1</title>' dom
  expect_none "$path" 'Content Security Policy|Uncaught' browser
  expect "$path" '<p id="link" role="status" class="good">Live</p>'  # it has asked again
  expect_none "$path" '<span class="say" hidden' dom
done
echo "the page works in $("$browser" --version 2>/dev/null)"
