#!/usr/bin/env bash
# The Docker daemon is restarted under the stack of compose/compose.yaml: every part comes back by itself, nothing is
# restarted a second time, and healing goes on. On an engine of the test's own, in a network namespace of its own; status
# 77, skipped, where there can be none.
set -Eeuo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
nodes=(manager)
# shellcheck source=tests/end_to_end/lib/nodes.sh
source "$here/lib/nodes.sh"
machine_of_nodes "$@"
# shellcheck source=tests/end_to_end/lib/session.sh
source "$here/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
# shellcheck source=tests/end_to_end/lib/node_images.sh
source tests/end_to_end/lib/node_images.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

# watch_starts SINCE: from when the engine answers again, for it remembers no more than its last 256 events.
watch_starts() {
  start_process starts docker events --since "$1" --filter type=container --filter event=start \
    --filter "label=com.docker.compose.project=$stack_project" \
    --format '{{index .Actor.Attributes "com.docker.compose.service"}}'
}

# How often each of the stack's containers was started.
starts() { sort "$session_dir/starts.log" | uniq -c | awk '{print $2 "=" $1}' | xargs; }

attempts() { incidents '[.incidents[].attempts] | add // 0'; }

# Docker's own start of each, and no other.
expect_once() {
  expect_equal "how often each was started" \
    "alertmanager=1 docker-act=1 docker-read=1 exporter=1 prometheus=1 remediator=1 sample-app=1 sample-front=1" "$(starts)"
}

make_stack_images
start_nodes "${stack_images[@]}" "$test_image" || die "the engine does not come up"
begin_test
mkdir -p "$session_dir/stack"
printf 'SELFHEAL_DOCKER_SOCKET=%s\n' "$(node_folder manager)/docker.sock" >"$session_dir/stack/.env"
prepare_stack sample
set_stack SELFHEAL_DRY_RUN false
start_stack_of_compose
await 90 "every part of the stack is healthy" stack_healthy
await 60 "Prometheus sees both apps healthy" sample_seen_healthy
shown "the stack is up"

since=$(date +%s)
restart_node manager || fail "the engine does not come back"
watch_starts "$since"
await 120 "every part of the stack is healthy again" stack_healthy
await 60 "Prometheus sees both apps healthy again" sample_seen_healthy
# As long as an alert about what was away would take.
sleep 20
expect_once
expect_equal "attempts of the remediator" 0 "$(attempts)"
shown "after a restart of the engine all is there again, started once each, and nothing was restarted by selfheal"

break_sample error
await 90 "the app is healed" app_is_healthy
await 60 "the recovery is proven" recovered 1
shown "and an app that breaks then is healed"
