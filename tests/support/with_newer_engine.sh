#!/usr/bin/env bash
# Runs a test with the newer Docker Engine that compose/setup/newer_engine.sh has fetched.
#
#   tests/support/with_newer_engine.sh tests/exporter/private_engine_test.sh COMMAND...
#
# Its programs come first on the PATH of what starts an engine. Where they are not there it ends with
# 77, by which ctest knows a skipped test; in CI it fails, for there the network is no excuse.
set -euo pipefail

newer=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)/build/newer-engine
if [[ ! -f $newer/.complete ]]; then
  echo "build/newer-engine has no newer Docker Engine; compose/setup/newer_engine.sh fetches it" >&2
  [[ -z ${CI:-} ]] || exit 1
  exit 77
fi
export PATH=$newer/usr/sbin:$newer/usr/bin:$PATH
exec "$@"
