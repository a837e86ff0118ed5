# shellcheck shell=bash
# The contenders' chains, each from nothing: new ports, new data, configuration written anew into
# stack_dir, whose path is another one in each part.
# Sourced by bench/recovery_race.
# shellcheck disable=SC2154 # names of session.sh, pool.sh and bench/recovery_race

readonly probe_interval=1s evaluation_interval=500ms # the pool's labels say 1s as well

prometheus_value() {
  curl -sf -m 2 --data-urlencode "query=$1" "$(url_of prometheus)/api/v1/query" |
    jq -r '.data.result[0].value[1] // empty'
}

whole_pool_in() { [[ $(prometheus_value "count($1)") == "$pool_size" ]]; }

start_prometheus() {
  start_process prometheus prometheus --config.file="$stack_dir/prometheus/prometheus.yml" \
    --storage.tsdb.path="$stack_dir/prometheus-data" --rules.alert.resend-delay=5s \
    --web.listen-address="127.0.0.1:${port[prometheus]}"
}

# On its own: an address to listen for other Alertmanagers would only wait for them.
start_alertmanager() {
  start_process alertmanager prometheus-alertmanager \
    --config.file="$stack_dir/alertmanager/alertmanager.yml" \
    --storage.path="$stack_dir/alertmanager-data" --cluster.listen-address= \
    --web.listen-address="127.0.0.1:${port[alertmanager]}"
}

# ---- ours: the shipped configuration; only addresses and intervals are changed, and of what others
# run on this host nothing is taken in

write_our_alertmanager() {
  mkdir "$stack_dir/alertmanager"
  sed -f alertmanager/machine-only.sed -e "s|127\.0\.0\.1:10116|127.0.0.1:${port[remediator]}|" \
    alertmanager/alertmanager.yml >"$stack_dir/alertmanager/alertmanager.yml"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$stack_dir/alertmanager/webhook.token")
}

# write_our_prometheus RULES: a folder of stack_dir.
write_our_prometheus() {
  local pool="race-$session_id-.*"
  mkdir -p "$stack_dir/prometheus" "$stack_dir/$1"
  cp rules/*.rules.yml "$stack_dir/$1"
  sed -e "s|\.\./rules/|../$1/|" \
    -e "s|127\.0\.0\.1:10115|127.0.0.1:${port[exporter]}|" \
    -e "s|127\.0\.0\.1:10116|127.0.0.1:${port[remediator]}|" \
    -e "s|127\.0\.0\.1:9093|127.0.0.1:${port[alertmanager]}|" \
    -e "s|127\.0\.0\.1:9090|127.0.0.1:${port[prometheus]}|" \
    -e "s|\(scrape_interval\): .*|\1: $evaluation_interval|" \
    -e "s|\(evaluation_interval\): .*|\1: $evaluation_interval|" \
    -e "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($pool)?', action: keep}]" \
    prometheus/prometheus.yml >"$stack_dir/prometheus/prometheus.yml"
}

our_pool_is_seen() { whole_pool_in 'selfheal:container_healthy == 1'; }

# Milliseconds from a scrape of the exporter to the evaluation that sees it first.
scrape_to_evaluation() {
  local seconds
  seconds=$(prometheus_value '(max(timestamp(selfheal:container_running))
    - max(timestamp(up{job="selfheal-exporter"})) + 10) % 0.5')
  awk -v s="$seconds" 'BEGIN {printf "%.0f", s * 1000}'
}

# Where between two scrapes Prometheus evaluates is a hash of the rule file's path: luck, worth up to
# half a second, that one path out of many must not decide. So each part has its share of the
# interval: paths are tried until one falls into it.
# start_our_prometheus PART
start_our_prometheus() {
  local part=$1 attempt wait_ms
  for ((attempt = 1; attempt <= 40; attempt++)); do
    write_our_prometheus "rules-$attempt"
    start_prometheus
    await_answer prometheus /-/ready
    wait_until 60 our_pool_is_seen || fail "selfheal does not see all of the pool healthy"
    wait_ms=$(scrape_to_evaluation)
    if ((wait_ms * parts / 500 == part - 1)); then return; fi
    stop_process prometheus
    rm -rf "$stack_dir/prometheus-data"
  done
  fail "no path of the rule files gives part $part its share of the interval"
}

# start_ours PART
start_ours() {
  say "starting selfheal's chain"
  pick_ports prometheus alertmanager exporter remediator
  write_our_alertmanager
  start_process exporter "$build_dir/exporter/selfheal-exporter" \
    --web.listen-address "127.0.0.1:${port[exporter]}" --docker.host "$DOCKER_HOST"
  start_process remediator "$build_dir/remediator/selfheal-remediator" \
    --web.listen-address "127.0.0.1:${port[remediator]}" --docker.host "$DOCKER_HOST" \
    --prometheus.url "$(url_of prometheus)" --journal.path "$stack_dir/journal.db" \
    --webhook.token-file "$stack_dir/alertmanager/webhook.token"
  start_alertmanager
  local name
  for name in exporter remediator alertmanager; do await_answer "$name" /-/ready; done
  start_our_prometheus "$1"
}

# ---- the plain loop

start_loop() {
  say "starting the polling loop"
  start_process loop "$build_dir/bench/polling-loop" --docker.host "$DOCKER_HOST" \
    --label "$pool_label=$session_id" --interval "$probe_interval" --timeout 500ms --threshold 3
  wait_until 30 grep -q "containers=$pool_size" "$stack_dir/loop.log" ||
    fail "the polling loop does not see all of the pool"
}

# ---- the stock chain

write_stock_configuration() {
  local name
  mkdir "$stack_dir/prometheus" "$stack_dir/alertmanager"
  cp bench/peers/stock/{blackbox.yml,hooks.json} "$stack_dir"
  cp bench/peers/stock/pool.rules.yml "$stack_dir/prometheus"
  sed -e "s|127\.0\.0\.1:9115|127.0.0.1:${port[blackbox]}|" \
    -e "s|127\.0\.0\.1:9093|127.0.0.1:${port[alertmanager]}|" \
    bench/peers/stock/prometheus.yml >"$stack_dir/prometheus/prometheus.yml"
  sed -e "s|127\.0\.0\.1:9000|127.0.0.1:${port[webhook]}|" \
    bench/peers/stock/alertmanager.yml >"$stack_dir/alertmanager/alertmanager.yml"
  for name in "${!address_of[@]}"; do
    jq -n --arg name "$name" --arg url "http://${address_of[$name]}:8080/health" \
      '{targets: [$url], labels: {container: $name}}'
  done | jq -s . >"$stack_dir/prometheus/targets.json"
}

start_stock() {
  say "starting the stock chain"
  pick_ports prometheus alertmanager blackbox webhook
  write_stock_configuration
  start_process blackbox prometheus-blackbox-exporter --config.file="$stack_dir/blackbox.yml" \
    --web.listen-address="127.0.0.1:${port[blackbox]}"
  start_process webhook webhook -hooks "$stack_dir/hooks.json" -ip 127.0.0.1 \
    -port "${port[webhook]}" -verbose
  start_alertmanager
  start_prometheus
  await_answer blackbox /-/healthy
  await_answer webhook /
  await_answer alertmanager /-/ready
  await_answer prometheus /-/ready
  wait_until 60 whole_pool_in 'probe_success == 1' ||
    fail "the stock chain does not see all of the pool healthy"
}
