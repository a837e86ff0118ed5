#!/usr/bin/env bash
# The main process of each part of the stack is killed in turn: it comes back by itself, and healing goes on. While
# Alertmanager is away what breaks waits for it, and is healed within seconds of its return, all of it.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

# From the host: what is killed through Docker counts as stopped by hand, and stays away.
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

# Beside the stack's two, of which one needs the other: one that needs nobody. Part of the project, so that it ends with it.
run_other_app() {
  docker run --detach --name "$stack_project-other" --network "$stack_project-watched" \
    --label "com.docker.compose.project=$stack_project" --label com.docker.compose.service=other \
    --label "selfheal.test-run=$test_run" --label selfheal.enable=true --label selfheal.probe=http://:8080/health \
    --label selfheal.interval=2s --label selfheal.timeout=1s "$test_image" >/dev/null || fail "Docker does not run the app"
  other_url=http://$(inspected other "{{(index .NetworkSettings.Networks \"$stack_project-watched\").IPAddress}}"):8080
}

other_is_healthy() { curl -sf -m 1 -o /dev/null "$other_url/health"; }

break_both() {
  break_sample error
  curl -sf -m 5 -o /dev/null -X POST "$other_url/break?mode=error"
}

both_are_healthy() { app_is_healthy && other_is_healthy; }

triggers() {
  curl -sf -m 2 --data-urlencode 'query=count(ALERTS{alertstate="firing", remediation!=""})' "$(url_of prometheus)/api/v1/query" |
    jq -r '.data.result[0].value[1] // 0'
}

both_fire() { [[ $(triggers) == 2 ]]; }

begin_test
prepare_stack sample
build_images
set_stack SELFHEAL_DRY_RUN false
start_stack_of_compose
run_other_app
await 90 "every part of the stack is healthy" stack_healthy

for part in docker-read docker-act prometheus alertmanager exporter remediator; do
  kill_and_await "$part"
  shown "$part was started again within $(seconds_of_ms "$away_ms") s"
done
await 90 "every part is healthy again" stack_healthy
await 60 "Prometheus sees the apps healthy" sample_seen_healthy 3
break_sample error
broken_at=$(now_ms)
await 60 "the app is healed" app_is_healthy
shown "and then the app was healthy $(seconds_of_ms $(($(now_ms) - broken_at))) s after the break"
await 60 "the recovery is proven" recovered 1

await 60 "Prometheus sees the apps healthy again" sample_seen_healthy 3
docker kill "$(container alertmanager)" >/dev/null
break_both
await 60 "two apps are reported broken" both_fire
sleep 10
expect_equal "recoveries while Alertmanager is away" 1 "$(incidents '.incidents | length')"
docker start "$(container alertmanager)" >/dev/null
back_at=$(now_ms)
await 60 "both apps are healed" both_are_healthy
healed_ms=$(($(now_ms) - back_at))
((healed_ms <= 30000)) || fail "healing took $(seconds_of_ms "$healed_ms") s after Alertmanager's return, which is more than seconds"
await 60 "both recoveries are proven" recovered 3
shown "what had broken while Alertmanager was away was healed $(seconds_of_ms "$healed_ms") s after its return"
