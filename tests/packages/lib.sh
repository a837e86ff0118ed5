# shellcheck shell=bash
# What the tests of the packages share.
set -euo pipefail
# shellcheck source=compose/setup/bare.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../../compose/setup/bare.sh"
# shellcheck source=tests/support/skip.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../support/skip.sh"

readonly build_folder=${SELFHEAL_BUILD:-$repo_root/build/release}
# shellcheck disable=SC2034 # for those who source this
readonly packages_folder=$build_folder/packages daemons=(selfheal-exporter selfheal-remediator)

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

passed() { printf '  * %s\n' "$*"; }
