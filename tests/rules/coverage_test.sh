#!/usr/bin/env bash
# Every rule is tested: each is silenced in turn, and some unit test has to notice. Every record's samples are expected
# somewhere, and every alert with its labels, and that it does not fire.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 tests/rules/coverage.py rules/*.rules.yml rules/swarm/*.rules.yml -- tests/rules/*.test.yml
