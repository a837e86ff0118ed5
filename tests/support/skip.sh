# shellcheck shell=bash
# How a test says that it can't be run here: by status 77, which ctest shows as skipped. Sourced; uses nothing else.
#
#   skip WHAT IS MISSING [HOW TO GET IT]     in CI a failure: there everything is to be had, and what nobody sees skipped
#                                            is not tested any more
#   skip_also_in_ci WHY                      what no package and no privilege brings: another kernel, a registry

skip() {
  if [[ -n ${CI:-} ]]; then
    echo "FAILED: $1, and with CI set nothing may be missing${2:+; to have it: $2}" >&2
    exit 1
  fi
  skip_also_in_ci "$1${2:+; to have it: $2}"
}

skip_also_in_ci() {
  echo "skipped: $1" >&2
  exit 77
}
