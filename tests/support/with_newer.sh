#!/usr/bin/env bash
# Runs a test with the newer Prometheus and Alertmanager that compose/setup/newer.sh has fetched.
#
#   tests/support/with_newer.sh COMMAND...
#
# They come first on its PATH, and PROMTOOL and AMTOOL name them. Where they are not there it ends with
# 77, by which ctest knows a skipped test; in CI it fails, for there the network is no excuse.
set -euo pipefail

newer=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)/build/newer
if [[ ! -f $newer/.complete ]]; then
  echo "build/newer has no newer Prometheus and Alertmanager; compose/setup/newer.sh fetches them" >&2
  [[ -z ${CI:-} ]] || exit 1
  exit 77
fi
export PATH=$newer/usr/bin:$PATH PROMTOOL=$newer/usr/bin/promtool AMTOOL=$newer/usr/bin/amtool
exec "$@"
