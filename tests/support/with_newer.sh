#!/usr/bin/env bash
# Runs a test with the newer Prometheus and Alertmanager that compose/setup/newer.sh has fetched.
#
#   tests/support/with_newer.sh COMMAND...
#
# They come first on its PATH, and PROMTOOL and AMTOOL name them. Where they are not there the
# test is skipped.
set -euo pipefail
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/skip.sh"

newer=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)/build/newer
if [[ ! -f $newer/.complete ]]; then
  skip "build/newer has no newer Prometheus and Alertmanager" compose/setup/newer.sh
fi
export PATH=$newer/usr/bin:$PATH PROMTOOL=$newer/usr/bin/promtool AMTOOL=$newer/usr/bin/amtool
exec "$@"
