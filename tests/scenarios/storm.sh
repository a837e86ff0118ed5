#!/usr/bin/env bash
# Ten containers. One breaks: it is healed, nobody is paged. All ten break at once: nobody is restarted
# for two minutes and people are paged; then one canary, and the others one after another.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/people.sh
source tests/end_to_end/lib/people.sh

readonly apps=(one two three four five six seven eight nine ten)

declare -A life=()

remember_lives() {
  local app
  for app in "${apps[@]}"; do life[$app]=$(app_life "$app"); done
}

restarted_apps() {
  local app
  for app in "${apps[@]}"; do [[ $(app_life "$app") == "${life[$app]}" ]] || echo "$app"; done
}

healthy_apps() {
  local app
  for app in "${apps[@]}"; do if app_healthy "$app"; then echo "$app"; fi; done
}

all_healthy() { [[ $(healthy_apps | wc -l) == "${#apps[@]}" ]]; }

one_breaks() {
  heal one error
  await_recovery one
  sleep 60 # two evaluations of people's rules
  expect_equal "pages for one that was healed" 0 "$(pages)"
  shown "one of ten: healed after $(seconds_of_ms "$healed_ms") s, nobody was paged"
}

# look_at_them: tells who is newly restarted, and fails if more than one is being tried.
look_at_them() {
  local app tried=0
  for app in $(restarted_apps); do
    if [[ " ${order[*]} " != *" $app "* ]]; then
      order+=("$app")
      shown "$((SECONDS - broken_at)) s after the break: $app is restarted"
    fi
    app_healthy "$app" || tried=$((tried + 1))
  done
  ((tried <= 1)) || fail "$tried were being restarted at once"
}

watch_them_heal() {
  local deadline=$((SECONDS + 900)) order=()
  until all_healthy; do
    ((SECONDS < deadline)) || fail "not all are healed; restarted: ${order[*]}"
    look_at_them
    sleep 0.5
  done
  look_at_them
  expect_equal "restarted ones" "${#apps[@]}" "${#order[@]}"
}

# The gap between two restarts, by Docker's own clock: the second waits for the first one's health.
expect_one_after_another() {
  local starts gap previous=0 at
  starts=$(for app in "${apps[@]}"; do docker inspect --format '{{.State.StartedAt}}' "${app_name[$app]}"; done | sort)
  while read -r at; do
    at=$(date -d "$at" +%s%3N)
    gap=$((at - previous))
    ((previous == 0 || gap >= 10000)) || fail "two restarts within $gap ms"
    previous=$at
  done <<<"$starts"
}

all_break() {
  local app
  remember_lives
  for app in "${apps[@]}"; do break_app "$app" error; done
  broken_at=$SECONDS
  await 115 "people are paged" pages_are 1
  shown "all ten: paged after $((SECONDS - broken_at)) s: $(jq -rs '[.[] | select(.to == "pagerduty")][0].summary' "$session_dir/people.received")"
  while ((SECONDS - broken_at < 119)); do
    expect_equal "restarted within two minutes" "" "$(restarted_apps)"
    sleep 1
  done
  shown "nobody was restarted for 119 s"
  watch_them_heal
  expect_one_after_another
  for app in "${apps[@]}"; do
    await_recovery "$app"
    expect_equal "the attempts on $app" 1 "$(incident "$app" '.attempts | length')"
  done
  shown "each restarted once, all healthy $((SECONDS - broken_at)) s after the break"
}

begin_test
for app in "${apps[@]}"; do run_app "$app" "${watched[@]}"; done
start_people
start_chain 10
one_breaks
all_break
expect_equal "pages" 1 "$(pages)"
expect_no_faults_in_messages
show_messages
