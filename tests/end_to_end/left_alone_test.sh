#!/usr/bin/env bash
# What is broken and must be left so: a container that did not opt in, one that a person has stopped,
# one that is silenced. That they were left is known when one that broke after them has been healed.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

silence() {
  amtool --alertmanager.url "$(url_of alertmanager)" silence add --duration 10m --author test \
    --comment test "container=${app_name[$1]}"
}

begin_test
run_app opted_out --label selfheal.enable=false --label monitored=true --label selfheal.probe=http://:8080/health
for app in stopped silenced witness one two; do run_app "$app" "${watched[@]}"; done
start_chain 5

break_app opted_out error
docker stop "${app_name[stopped]}" >/dev/null
silence_id=$(silence silenced)
declare -A life=()
for app in opted_out stopped silenced one two; do life[$app]=$(app_life "$app"); done
break_app silenced error
await 20 "the alert of the silenced app fires" \
  prometheus_says "count(ALERTS{alertstate=\"firing\", container=\"${app_name[silenced]}\"})" 1

heal witness error
await_recovery witness
for app in opted_out stopped silenced one two; do expect_same_life "$app" "${life[$app]}"; done
expect_metric 1 remediator selfheal_remediator_attempts_total
shown "the one that did not opt in, the stopped and the silenced one were left alone, the witness was healed in $(seconds_of_ms "$healed_ms") s"

amtool --alertmanager.url "$(url_of alertmanager)" silence expire "$silence_id"
await 20 "the app that is not silenced any more is healed" app_healthy silenced
await_recovery silenced
for app in opted_out stopped one two; do expect_same_life "$app" "${life[$app]}"; done
shown "without the silence it was healed as well"
