#!/usr/bin/env bash
# compose/simulate_failure of a container that nobody may heal: it tells so, and mends it itself, also where the
# container has ended and stays so.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/drill.sh
source tests/end_to_end/lib/drill.sh

is_root || skip "only root can break a container from outside" "run it as root"

begin_test
run_app hopeless "${watched[@]}" "${drilled[@]}" --label selfheal.action=none --memory 64m
for app in one two three; do run_app "$app" "${watched[@]}"; done
start_chain 4

life=$(app_life hopeless)
drill hopeless error --limit 15
expect_drill 1 "NOT HEALED within 15 s"
expect_same_life hopeless "$life"
await 5 "what was not healed is mended" app_healthy hopeless
shown "error: $(grep 'NOT HEALED' <<<"$drill_output"), and mended by the drill"

# Whose main process is gone needs to be started, and nobody does: not its restart policy, for it has none.
for mode in crash oom; do
  life=$(app_life hopeless)
  drill hopeless "$mode" --limit 15
  expect_drill 1 "NOT HEALED within 15 s"
  await 5 "what was not healed after $mode is mended" app_healthy hopeless
  [[ $(app_life hopeless) != "$life" ]] || fail "$mode did not end it"
  shown "$mode: $(grep 'NOT HEALED' <<<"$drill_output"), and mended by the drill"
done
