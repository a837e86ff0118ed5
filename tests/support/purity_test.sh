#!/usr/bin/env bash
# Files that say [pure] in the comment they open with, and the whole of remediator/incident and
# remediator/decision, reach no header of curl, civetweb, SQLite or sockets: neither themselves, nor
# by a header of ours, nor in the source that belongs to them.
#
#   tests/support/purity_test.sh        from the top of the repository
set -euo pipefail

forbidden='^(curl/.*|civetweb\.h|sqlite3\.h|sys/(socket|un|epoll|eventfd|timerfd|select)\.h|netinet/.*|arpa/.*|netdb\.h|poll\.h)$'
faults=0
checked=0

opens_with_pure() {
  awk '/^\/\// { print; next } { exit }' "$1" | grep -qF '[pure]'
}

# look FILE CHAIN: FILE and every header of ours it reaches.
look() {
  local file=$1 chain=$2 header
  [[ -n ${seen[$file]:-} ]] && return
  seen[$file]=1
  while read -r header; do
    if [[ $header =~ $forbidden ]]; then
      echo "$chain: <$header>" >&2
      faults=$((faults + 1))
    fi
  done < <(sed -nE 's/^ *#include <([^>]+)>.*/\1/p' "$file")
  while read -r header; do
    if [[ -f $header ]]; then look "$header" "$chain -> $header"; fi
  done < <(sed -nE 's/^ *#include "([^"]+)".*/\1/p' "$file")
}

while read -r file; do
  opens_with_pure "$file" || [[ $file == remediator/incident/* || $file == remediator/decision/* ]] ||
    { [[ $file == *.cpp && -f ${file%.cpp}.h ]] && opens_with_pure "${file%.cpp}.h"; } || continue
  declare -A seen=()
  look "$file" "$file"
  unset seen
  checked=$((checked + 1))
done < <(find common exporter remediator -name '*.h' -o -name '*.cpp' | sort)

echo "$checked pure files, $faults faults"
((faults == 0 && checked > 0))
