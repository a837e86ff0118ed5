#!/usr/bin/env bash
# Runs a test with the newer Docker Engine that compose/setup/newer_engine.sh has fetched.
#
#   tests/support/with_newer_engine.sh tests/exporter/private_engine_test.sh COMMAND...
#
# Its programs come first on the PATH of what starts an engine. Where they are not there the test
# is skipped.
set -euo pipefail
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/skip.sh"

newer=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)/build/newer-engine
if [[ ! -f $newer/.complete ]]; then
  skip "build/newer-engine has no newer Docker Engine" compose/setup/newer_engine.sh
fi
export PATH=$newer/usr/sbin:$newer/usr/bin:$PATH
exec "$@"
