#!/usr/bin/env bash
# The pure files of the exporter include nothing that reaches out: no curl, web server, database,
# socket or event loop, directly or through other headers of ours.
#
#   pure_includes_test.sh REPOSITORY
set -euo pipefail
cd "$1"

pure_files() {
  ls exporter/discovery/*.{h,cpp} exporter/health/*.{h,cpp} exporter/probes/probe.{h,cpp} |
    grep -v -e docker_watcher -e event_stream -e inventory_reader -e health_table
}

# Our own headers that a file includes, all the way down.
closure() {
  local file=$1 header
  [[ -n ${seen[$file]:-} ]] && return
  seen[$file]=1
  while read -r header; do closure "$header"; done \
    < <(sed -nE 's/^#include "(.*)"/\1/p' "$file")
}

forbidden='curl/|civetweb|sqlite|sys/socket|netinet/|arpa/|sys/epoll|<thread>|<mutex>'
bad=0
for file in $(pure_files); do
  declare -A seen=()
  closure "$file"
  for included in "${!seen[@]}"; do
    if grep -nE "^#include .*($forbidden)" "$included" | sed "s|^|$file includes $included:|"; then bad=1; fi
  done
done
exit "$bad"
