# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The whole chain, as the demo starts it: Prometheus, Alertmanager, exporter, remediator with its
# default configuration.

prometheus_value() {
  curl -sf -m 2 --data-urlencode "query=$1" "$(url_of prometheus)/api/v1/query" |
    jq -r '.data.result[0].value[1] // empty'
}

prometheus_says() { [[ $(prometheus_value "$1") == "$2" ]]; }

# start_chain COUNT: and waits until so many containers are seen healthy.
start_chain() {
  local name
  for name in prometheus "${alertmanagers[@]}" exporter remediator; do pick_any_port "$name"; done
  start_stack
  await 60 "Prometheus sees $1 healthy containers" \
    prometheus_says 'count(selfheal:container_healthy == 1)' "$1"
}

# heal NAME MODE: breaks it, waits until it answers again, and leaves the time that took in healed_ms.
heal() {
  local broken_at
  break_app "$1" "$2"
  broken_at=$(now_ms)
  await 10 "$1 is broken" app_unhealthy "$1"
  until app_healthy "$1"; do
    (($(now_ms) - broken_at < 60000)) || fail "$1 ($2) is not healed within 60 s: $(incident "$1" .detail)"
    sleep 0.05
  done
  healed_ms=$(($(now_ms) - broken_at))
}
