#!/usr/bin/env bash
# Grafana started with the provisioning has every dashboard, and finds no fault with any of their queries. Skipped where
# its image can't be pulled, unless SELFHEAL_NEED_GRAFANA=1.
# shellcheck disable=SC2154 # of the library
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"
# shellcheck source=tests/dashboards/grafana.sh
source tests/dashboards/grafana.sh

grafana_image=${GRAFANA_IMAGE:-grafana/grafana:$(env_example GRAFANA_VERSION)} # the stack's

start_grafana() {
  pick_any_port grafana
  docker run --detach --name "$(container_name grafana)" --network host \
    --label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id" \
    --volume "$PWD/grafana-dashboards:/dashboards:ro" \
    --volume "$PWD/grafana-dashboards/provisioning:/etc/grafana/provisioning:ro" \
    --env SELFHEAL_DASHBOARDS=/dashboards --env "SELFHEAL_PROMETHEUS_URL=$(url_of prometheus)" \
    --env "GF_SERVER_HTTP_PORT=${port[grafana]}" --env GF_SERVER_HTTP_ADDR=127.0.0.1 \
    --env GF_AUTH_ANONYMOUS_ENABLED=true --env GF_AUTH_ANONYMOUS_ORG_ROLE=Admin "$grafana_image" >/dev/null
}

grafana_is_ready() {
  curl -sf -m 2 "$(url_of grafana)/api/search?type=dash-db" | jq -e 'length >= 4' >/dev/null
}

begin_test
require_image "$grafana_image"
for app in one two; do run_app "$app" "${watched[@]}"; done
start_chain 2
start_grafana
await 60 "Grafana has the dashboards" grafana_is_ready
python3 -B tests/dashboards/grafana_queries.py "$(url_of grafana)" 300 || fail "Grafana finds faults, see above"
