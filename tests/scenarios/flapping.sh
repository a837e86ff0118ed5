#!/usr/bin/env bash
# A container that breaks again 10 s after each restart: three attempts, then its breaker is open and
# stays so, with one page and at most three Slack messages on the way.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/people.sh
source tests/end_to_end/lib/people.sh

readonly others=(one two three)

breaker_open() { metric_is 1 remediator selfheal_remediator_breaker_open "container=\"${app_name[app]}\""; }

begin_test
for app in app "${others[@]}"; do run_app "$app" "${watched[@]}"; done
watch_events app
start_people
start_chain 4

for attempt in 1 2 3; do
  heal app error
  shown "attempt $attempt: healthy after $(seconds_of_ms "$healed_ms") s"
  sleep 10 # what makes it flap
done
break_app app error
await 60 "the breaker is open" breaker_open
await 120 "people are paged" pages_are 1
shown "broken once more: the breaker is open, and people are paged"
expect_equal "restarts" 3 "$(log_lines app-events '^start$')"
slack_on_the_way=$(told '.to == "slack"')
((slack_on_the_way <= 3)) || fail "$slack_on_the_way Slack messages on the way"

# Longer than all timers of people's routes, and than SelfhealNotHealed waits.
sleep "${SELFHEAL_AFTERMATH:-400}"
expect_equal "restarts after that" 3 "$(log_lines app-events '^start$')"
breaker_open || fail "the breaker has closed by itself while the container fails"
expect_equal "pages" 1 "$(pages)"
expect_no_faults_in_messages
shown "$slack_on_the_way Slack messages on the way, $(told '.to == "slack"') in all, $(pages) page:"
show_messages
