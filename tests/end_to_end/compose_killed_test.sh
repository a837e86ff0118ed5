#!/usr/bin/env bash
# The main process of each part of the stack is killed in turn: it comes back by itself, healing goes on,
# and an Alertmanager that dies while something is broken delays it by seconds.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

# From the host: what is killed through Docker counts as stopped by hand.
kill_part() { as_root kill -s KILL "$(inspected "$1" '{{.State.Pid}}')"; }

lives_again() { [[ $(inspected "$1" '{{.State.Running}} {{.State.StartedAt}}') == true\ * && $(life_of "$1") != "$2" ]]; }

# kill_and_await SERVICE: leaves how long it was away in away_ms.
kill_and_await() {
  local life killed_at
  life=$(life_of "$1")
  killed_at=$(now_ms)
  kill_part "$1"
  await 30 "$1 is started again" lives_again "$1" "$life"
  away_ms=$(($(now_ms) - killed_at))
}

# heal_sample COUNT: the COUNTth recovery of this test; leaves how long it took in healed_ms.
heal_sample() {
  local broken_at
  await 60 "Prometheus sees both apps healthy" sample_seen_healthy
  break_sample error
  broken_at=$(now_ms)
  [[ -z ${kill_meanwhile:-} ]] || kill_and_await "$kill_meanwhile"
  await 60 "the app is healed" app_is_healthy
  healed_ms=$(($(now_ms) - broken_at))
  await 60 "the recovery is proven" recovered "$1"
}

begin_test
prepare_stack sample
build_images
set_stack SELFHEAL_DRY_RUN false
start_stack_of_compose
await 90 "every part of the stack is healthy" stack_healthy

for part in docker-read docker-act prometheus alertmanager exporter remediator; do
  kill_and_await "$part"
  shown "$part was started again within $(seconds_of_ms "$away_ms") s"
done
await 90 "every part is healthy again" stack_healthy
heal_sample 1
shown "and then the app was healthy $(seconds_of_ms "$healed_ms") s after the break"

kill_meanwhile=alertmanager
heal_sample 2
((healed_ms <= 30000)) || fail "with Alertmanager killed healing took $(seconds_of_ms "$healed_ms") s, which is more than seconds"
shown "with Alertmanager killed right after the break, $(seconds_of_ms "$healed_ms") s"
