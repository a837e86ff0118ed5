#!/usr/bin/env bash
# compose/simulate_failure: what the app does itself, what the machine does to it, each healed and told of; and
# what it refuses to touch.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/drill.sh
source tests/end_to_end/lib/drill.sh
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

is_root || skip "only root can break a container from outside" "run it as root"

begin_test
run_block compose/README.md 'compose/simulate_failure --help'
expect_text "what --help says" "usage: compose/simulate_failure" "$(readme_output)"
run_app error "${watched[@]}" "${drilled[@]}"
run_app hang "${watched[@]}" "${drilled[@]}" --stop-timeout 1
run_app crash "${watched[@]}" "${drilled[@]}"
run_app unlabelled "${watched[@]}"
for app in one two three; do run_app "$app" "${watched[@]}"; done
start_chain 7

life=$(app_life unlabelled)
drill unlabelled hang
expect_drill 2 "not labelled selfheal.drill=true"
drill unlabelled error --yes
expect_drill 2 "--with, or the label selfheal.drill.error"
drill unlabelled oom --yes
expect_drill 2 "no memory limit"
drill unlabelled explode
expect_drill 2 "no such mode"
run_app stranger
drill stranger crash --yes
expect_drill 2 "no label selfheal.enable=true"
expect_same_life unlabelled "$life"
shown "refused: what is not labelled for drills, what can't be broken so, what nobody would heal"

for mode in error hang crash; do expect_healed "$mode" "$mode"; done
