#!/usr/bin/env bash
# The demo of README.md, in a clone, with the programs that are tested: it shows three recoveries and leaves nothing.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

containers_of_demos() { docker ps --all --quiet --filter label=selfheal.demo | sort; }

begin_test
copy_tree "$session_dir/tree"
cd "$session_dir/tree"
mkdir "$session_dir/tmp"
before=$(containers_of_demos)
# In the background, so that a test that is told to end does so at once, and ends the demo as well.
TMPDIR=$session_dir/tmp start_block README.md compose/demo
wait "$!" || fail "the demo ended with $?"
demo=$(<"$session_dir/demo.log")
for mode in error hang crash; do expect_text "what the demo said" "$mode" "$demo"; done
expect_text "what the demo said" "every recovery came through Alertmanager and the remediator" "$demo"
shown "the demo has healed what it broke, in three ways"
expect_equal "what the demo leaves in the folder for what is temporary" "" "$(ls "$session_dir/tmp")"
expect_equal "containers of demos" "$before" "$(containers_of_demos)"
shown "and has left nothing"
