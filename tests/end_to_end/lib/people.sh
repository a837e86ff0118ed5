# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The people who are told: stubs of Slack and PagerDuty behind the shipped alertmanager.yml.

# start_people: before start_chain, which then takes write_alertmanager_config from here.
start_people() {
  start_process people python3 tests/end_to_end/lib/people_stubs.py "$session_dir"
  await 10 "the stubs of Slack and PagerDuty listen" test -s "$session_dir/slack.url"
  touch "$session_dir/people.received"
}

write_alertmanager_config() {
  {
    echo "global: {pagerduty_url: '$(<"$session_dir/pagerduty.url")'}"
    sed -e "s|127\.0\.0\.1:10116|127.0.0.1:${port[remediator]}|" \
      -e "s|api_url_file: slack.url|api_url_file: $session_dir/slack.url|" \
      -e "s|routing_key_file: pagerduty.key|routing_key_file: $session_dir/pagerduty.key|" \
      alertmanager/alertmanager.yml
  } >"$session_dir/alertmanager.yml"
  cp alertmanager/selfheal.tmpl "$session_dir"
  head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$session_dir/pagerduty.key"
  make_token
}

# told JQ-FILTER: how many of what they were told it is true of.
told() { jq -s "[.[] | select($1)] | length" "$session_dir/people.received"; }

# Incidents at PagerDuty, of which each is a page: an event for one that is open is none.
pages() { jq -s '[.[] | select(.to == "pagerduty" and .action == "trigger") | .key] | unique | length' "$session_dir/people.received"; }

pages_are() { [[ $(pages) == "$1" ]]; }

expect_no_faults_in_messages() { expect_equal "messages that Slack or PagerDuty would refuse" 0 "$(told '.to == "fault"')"; }

show_messages() {
  jq -r 'select(.to == "slack") | "      Slack (\(.color)): \(.title)"' "$session_dir/people.received"
  jq -r 'select(.to == "pagerduty") | "      PagerDuty (\(.action)): \(.summary)"' "$session_dir/people.received"
}
