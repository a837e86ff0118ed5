#!/usr/bin/env bash
# The program's own word on its journal: exit statuses and messages of `backup` and of a start on a
# journal that can't be used.
#
#   tests/remediator/journal_command_test.sh PATH-OF-selfheal-remediator
set -euo pipefail

remediator=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
journal=$folder/journal.db

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect STATUS TEXT ARGUMENT…: runs the program, which must end with that status and say so.
expect() {
  local status=0
  timeout 20 "$remediator" --journal.path "$journal" "${@:3}" >"$folder/said" 2>&1 || status=$?
  [[ $status == "$1" ]] || fail "${*:3}: exit status $status, not $1: $(cat "$folder/said")"
  grep -qF -- "$2" "$folder/said" || fail "${*:3}: did not say \"$2\": $(cat "$folder/said")"
}

# A journal by a start; the remediator is left running or stopped again.
make_journal() {
  "$remediator" --journal.path "$journal" --docker.host "unix://$folder/none.sock" \
    --web.listen-address 127.0.0.1:0 2>"$folder/log" &
  local pid=$!
  for _ in {1..200}; do
    grep -q listening "$folder/log" && break
    sleep 0.05
  done
  [[ $1 == leave ]] && running=$pid && return
  kill -TERM "$pid"
  wait "$pid" || fail "it ended with $?"
}

expect 2 "can't be read as a journal" backup "$folder/backup.db"
[[ ! -e $journal ]] || fail "backup has made a journal"

make_journal leave
expect 0 "checked" backup "$folder/backup.db"
[[ $(stat -c %a "$folder/backup.db") == 600 ]] || fail "the backup's mode"
expect 2 "is not overwritten" backup "$folder/backup.db"
expect 1 "No such file or directory" backup "$folder/none/backup.db"
expect 2 "another selfheal-remediator uses this journal" --web.listen-address 127.0.0.1:0
kill -KILL "$running"
wait "$running" 2>/dev/null || true

journal=$folder/backup.db
make_journal stop
dd if=/dev/zero of="$journal" bs=100 count=1 conv=notrunc status=none
expect 2 "put a backup in its place" --web.listen-address 127.0.0.1:0
expect 2 "file is not a database" backup "$folder/another.db"
ls "$folder"/*partial* >/dev/null 2>&1 && fail "half a backup was left"
echo "all as expected"
