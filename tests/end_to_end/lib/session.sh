# shellcheck shell=bash
# What every end-to-end and crash test begins with. A test is a bash script that sources this, calls
# begin_test, and ends with status 0 only if all it expected was so.
#
# Sessions, processes, ports and the stack are the demo's (compose/demo.d): whatever is started is
# written down or labelled, and gone at the end, also after a failure and Ctrl-C.
set -Eeuo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.."
# shellcheck source=compose/setup/docker.sh
source compose/setup/docker.sh
# shellcheck source=compose/demo.d/session.sh
source compose/demo.d/session.sh
# shellcheck source=compose/demo.d/progress.sh
source compose/demo.d/progress.sh
# shellcheck source=compose/demo.d/stack.sh
source compose/demo.d/stack.sh
# shellcheck source=tests/support/skip.sh
source tests/support/skip.sh
# shellcheck source=tests/end_to_end/lib/expect.sh
source tests/end_to_end/lib/expect.sh
# shellcheck source=tests/end_to_end/lib/daemons.sh
source tests/end_to_end/lib/daemons.sh
# shellcheck source=tests/end_to_end/lib/apps.sh
source tests/end_to_end/lib/apps.sh
# shellcheck source=tests/end_to_end/lib/chain.sh
source tests/end_to_end/lib/chain.sh
# shellcheck source=tests/end_to_end/lib/gate.sh
source tests/end_to_end/lib/gate.sh
# shellcheck source=tests/end_to_end/lib/webhook.sh
source tests/end_to_end/lib/webhook.sh

readonly test_image=${SELFHEAL_TEST_IMAGE:-selfheal.invalid/sample-app:dev}
readonly test_run=${SELFHEAL_TEST_RUN:-$RANDOM$RANDOM}

# Ctrl-C comes twice, from the terminal and from the `timeout` around the test: an exit within the
# EXIT trap would end the clean-up.
leave() {
  trap '' INT TERM HUP PIPE
  set +e
  end_session
  trap - EXIT
  exit "$1"
}

# A hundred for this test alone, by a lock that it and what it has started hold: other tests run beside
# it, and the port of what is being restarted looks free.
reserve_ports() {
  local folder=${TMPDIR:-/tmp}/selfheal-test-ports-$UID first=$((RANDOM % 120)) i
  mkdir -p "$folder"
  for ((i = 0; i < 120; ++i)); do
    ports_from=$((20000 + (first + i) % 120 * 100)) ports_count=100
    exec {ports_lock}>"$folder/$ports_from"
    if flock --nonblock "$ports_lock"; then return 0; fi
    exec {ports_lock}>&-
  done
  die "other tests have all ports"
}

begin_test() {
  session_kind='test'
  trap end_session EXIT
  trap 'leave 130' INT
  trap 'leave 143' TERM
  trap 'session_failed_because=${session_failed_because:-"${BASH_SOURCE[0]}:$LINENO: $BASH_COMMAND"}' ERR
  ensure_docker
  docker image inspect "$test_image" >/dev/null 2>&1 ||
    die "there is no image $test_image; compose/sample-app/build-image.sh makes it"
  begin_session
  reserve_ports
}
