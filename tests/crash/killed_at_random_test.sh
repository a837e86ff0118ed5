#!/usr/bin/env bash
# Killed at whatever moment, with Docker's own socket and so with what a real engine leaves behind.
# shellcheck source=tests/crash/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly rounds=5

# die_within MS: not a wait for something to happen, but the choice of the moment.
die_within() {
  sleep "0.$(printf '%03d' $((RANDOM % $1)))"
  end_daemon remediator KILL
}

begin_test
RANDOM=${SELFHEAL_TEST_SEED:-$EPOCHSECONDS}
for ((i = 1; i <= rounds; ++i)); do
  # A new container, for one that was just healed has fewer attempts left.
  run_app "app$i" "${watched[@]}" --label selfheal.stop-timeout=1
  watch_events "app$i"
  life=$(app_life "app$i")
  start_quick_remediator
  tell "app$i"
  die_within 600
  start_quick_remediator
  die_within 600
  start_quick_remediator
  await_recovery "app$i"
  expect_one_restart "app$i" "$life"
  end_daemon remediator KILL
  docker rm --force "${app_name[app$i]}" >/dev/null
done
shown "$rounds times killed twice at random moments: one restart each, and an incident closed as recovered"
