#!/usr/bin/env bash
# The stack's own Grafana, as compose/compose.yaml starts it: it becomes healthy, lets in whoever has the password in
# secrets/, and nobody else, has every dashboard, and finds no fault with any of their queries. Skipped where its image
# can't be pulled, unless SELFHEAL_NEED_GRAFANA=1.
# shellcheck disable=SC2154 # of the libraries
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
# shellcheck source=tests/dashboards/grafana.sh
source tests/dashboards/grafana.sh

search_answers() { # STATUS [ARGUMENT of curl...]
  [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "${@:2}" "$(url_of grafana)/api/search?type=dash-db") == "$1" ]]
}

# By a file, so that the password stands in no list of processes.
write_login() {
  printf 'user = "admin:%s"\n' "$(<"$password_file")" >"$session_dir/login"
}

has_dashboards() {
  curl -sf -m 5 --config "$session_dir/login" "$(url_of grafana)/api/search?type=dash-db" | jq -e 'length >= 4' >/dev/null
}

# A fresh stack's queries need the series of a scrape.
is_scraped() {
  curl -sf -m 5 --data-urlencode 'query=count(selfheal:container_healthy == 1)' "$(url_of prometheus)/api/v1/query" |
    jq -e '.data.result[0].value[1] == "2"' >/dev/null
}

have_compose || cannot "there is no docker-compose"
begin_test
require_image "grafana/grafana:$(env_example GRAFANA_VERSION)"
prepare_stack grafana,sample
password_file=$session_dir/stack/secrets/grafana.password
build_images
start_stack_of_compose
[[ -n $(container grafana) ]] || fail "Compose does not start Grafana with its profile"
await 180 "every part of the stack is healthy, Grafana too" stack_healthy
shown "Grafana is healthy with the rest of the stack"

write_login
search_answers 401 || fail "whoever comes without a password is let in"
search_answers 401 -u admin:admin || fail "Grafana's own first password is let in"
await 60 "Grafana has the dashboards, for the password in secrets/" has_dashboards
await 60 "Prometheus sees both apps" is_scraped
python3 -B tests/dashboards/grafana_queries.py "$(url_of grafana)" 300 admin "$password_file" ||
  fail "Grafana finds faults, see above"
