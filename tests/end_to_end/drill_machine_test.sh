#!/usr/bin/env bash
# compose/simulate_failure, what the machine does to a container: out of memory, slow, cut off, paused.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/drill.sh
source tests/end_to_end/lib/drill.sh

is_root || skip "only root can break a container from outside" "run it as root"

begin_test
run_app oom "${watched[@]}" "${drilled[@]}" --memory 64m
for app in slow network; do run_app "$app" "${watched[@]}" "${drilled[@]}" --stop-timeout 1; done
run_app paused "${watched[@]}" "${drilled[@]}"
for app in one two three; do run_app "$app" "${watched[@]}"; done
start_chain 7

for mode in oom slow network; do expect_healed "$mode" "$mode"; done
# The eater may be taken as well.
(($(metric exporter selfheal_container_oom_kills_total "container=\"${app_name[oom]}\"") >= 1)) || fail "it did not run out of memory"
shown "the kernel took it for lack of memory"

drill paused paused --limit 15
expect_drill 0 "left alone for 15 s"
await 5 "what was paused is mended" app_healthy paused
shown "paused: $(grep 'left alone' <<<"$drill_output")"
