#!/usr/bin/env bash
# compose/simulate_failure, what the machine does to a container: out of memory, slow, cut off, paused.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/drill.sh
source tests/end_to_end/lib/drill.sh

# A card that a macvlan stands on: of a kind that could be taken for a cable, for it is an end of one.
card=
eval "session_$(declare -f clean_up)"
clean_up() {
  session_clean_up
  [[ -z $card ]] || ip link delete "$card" 2>/dev/null
}

# Fails where the kernel has no such thing.
run_on_macvlan() {
  local ours=(--label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id")
  card=card-$session_id
  ip link add "$card" type veth peer name "drac-$session_id" || fail "no veth can be made"
  ip link set "$card" up || fail "a veth can't be set up"
  ip link add link "$card" name "mac-$session_id" type macvlan 2>/dev/null || return
  ip link delete "mac-$session_id"
  app_name[macvlan]=$(container_name macvlan)
  docker network create --driver macvlan --opt "parent=$card" "${ours[@]}" "${app_name[macvlan]}" >/dev/null
  docker run --detach --name "${app_name[macvlan]}" --health-interval 1s --network "${app_name[macvlan]}" "${ours[@]}" \
    --label selfheal.enable=true --label selfheal.probe=docker: --label selfheal.drill=true "$test_image" >/dev/null || fail "Docker does not run it"
}

watched_by_exporter() { curl -sf -m 2 "$(url_of exporter)/api/v1/targets" | grep -qF "${app_name[$1]}"; }

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

if run_on_macvlan; then
  await 20 "the exporter has it among its targets" watched_by_exporter macvlan
  drill macvlan network --limit 5
  expect_drill 2 "has no cable that ends on this machine"
  expect_text "this machine's card" ,UP "$(ip -o link show dev "$card")"
  shown "what stands on a card of this machine's is not cut off"
else
  shown "no word of macvlan: this kernel has none"
fi

drill paused paused --limit 15
expect_drill 0 "left alone for 15 s"
await 5 "what was paused is mended" app_healthy paused
shown "paused: $(grep 'left alone' <<<"$drill_output")"
