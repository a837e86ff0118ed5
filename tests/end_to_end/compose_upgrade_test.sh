#!/usr/bin/env bash
# The stack of compose/compose.yaml over a backup, an upgrade and a restore, by the commands of compose/README.md: the new
# images run and the new rules hold, and the journal is the one that was copied.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

tag_before=

# Copies are the container's user's, so nobody else's to remove; and images of before.
eval "stack_$(declare -f clean_up)"
clean_up() {
  [[ -z $session_dir ]] || as_root rm -rf "$session_dir/backups" || true
  docker rmi "selfheal.invalid/"{exporter,remediator,sample-app}":$tag_before" >/dev/null 2>&1 || true
  stack_clean_up
}

# pauses_are COUNT: of everything, which is what tells one journal from the other.
pauses_are() {
  local metrics
  metrics=$(curl -sf -m 5 "$(url_of remediator)/metrics") || return 1
  [[ $(grep -c '^selfheal_remediator_paused{scope="all"' <<<"$metrics") == "$1" ]]
}

in_remediator() { stack exec -T remediator /selfheal-remediator "$@" >>"$session_dir/remediator-by-hand.log" 2>&1; }

# loaded_at SERVICE: when it has read its configuration last.
loaded_at() {
  curl -sf -m 5 "$(url_of "$1")/metrics" | awk -v name="$1_config_last_reload_success_timestamp_seconds" '$1 == name {print $2}'
}

# loaded_after SERVICE TIME
loaded_after() {
  local at
  at=$(loaded_at "$1") && [[ -n $at && $at != "$2" ]]
}

begin_test
readonly of_backups=(-e "s|/var/backups/selfheal|$session_dir/backups|g" -e 's|^install -d|as_root install -d|')
prepare_stack ''
prepare_files # again, for the ports that links have
tag_before=$stack_tag
build_images
start_stack_of_compose
await 90 "every part of the stack is healthy" stack_healthy
in_remediator pause --reason before || fail "nothing can be paused"
await 10 "everything is paused" pauses_are 1
readme 'remediator backup' "${of_backups[@]}"
expect_equal "the copy's owner and mode" "10116 600" "$(as_root stat --format '%u %a' "$session_dir/backups/journal-2026-01-31.db")"
shown "the journal has a copy"

in_remediator resume || fail "the pause can't be ended"
await 10 "nothing is paused" pauses_are 0
stack_tag=$tag_before-next
echo "SELFHEAL_VERSION=$stack_tag" >"$session_dir/next.env"
prometheus_life=$(life_of prometheus)
prometheus_loaded=$(loaded_at prometheus)
alertmanager_loaded=$(loaded_at alertmanager)
readme '--force-recreate docker-read' -e "s|compose/env.example|$session_dir/next.env|"
await 90 "every part of the stack is healthy after the upgrade" stack_healthy
for part in exporter remediator; do
  expect_equal "the image of $part" "selfheal.invalid/$part:$stack_tag" "$(inspected $part '{{.Config.Image}}')"
done
await 10 "Prometheus has read its rules again" loaded_after prometheus "$prometheus_loaded"
await 10 "Alertmanager has read its file again" loaded_after alertmanager "$alertmanager_loaded"
expect_equal "the life of Prometheus" "$prometheus_life" "$(life_of prometheus)"
await 10 "nothing is paused after the upgrade" pauses_are 0
shown "upgraded: new images, and what is mounted was read again"

readme 'mkdir aside' "${of_backups[@]}" -e "s|selfheal_journal|${stack_project}_journal|"
await 90 "every part of the stack is healthy after the restore" stack_healthy
await 10 "the pause of the copy is there" pauses_are 1
shown "and the copy is taken for the journal"
