# shellcheck shell=bash
# shellcheck disable=SC2034 # of base.sh
# Grafana's image, which no package has. Sourced after end_to_end/lib/session.sh.

# shellcheck source=compose/images/base.sh
source compose/images/base.sh
pull_seconds=120

# cannot WHY: where Grafana has to be, that is a failure.
cannot() {
  [[ ${SELFHEAL_NEED_GRAFANA:-0} != 1 ]] || fail "$1"
  skip_also_in_ci "$1"
}

require_image() { image_is_there "$1" || image_pulled "$1" || cannot "$1 can't be pulled: $pull_fault"; }
