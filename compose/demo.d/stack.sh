# shellcheck shell=bash
# Prometheus, Alertmanager, the exporter and the remediator as processes of this machine, on
# 127.0.0.1, with the project's own configuration in which only addresses and times are changed.

readonly exporter_program=${SELFHEAL_BUILD:-$repo_root/build/release}/exporter/selfheal-exporter
readonly remediator_program=${SELFHEAL_BUILD:-$repo_root/build/release}/remediator/selfheal-remediator

# make_parts IMAGE: the daemons, and the sample app's image. What SELFHEAL_BUILD names is built already.
make_parts() {
  [[ -n ${SELFHEAL_BUILD:-} ]] || build_release selfheal-exporter selfheal-remediator sample-app
  SAMPLE_APP=${SELFHEAL_BUILD:-$repo_root/build/release}/compose/sample-app/sample-app compose/sample-app/build-image.sh "$1"
}

declare -A port=() # of each process
taken_ports=" "
ports_from=20000 ports_count=12000 # those to pick from: below the range from which the kernel hands out
engine_in_front= # the address of what a test puts in front of Docker
alertmanagers=(alertmanager) # the processes; a test has a cluster of them
exporter_config= # the exporter's configuration file, if it has one

port_is_free() {
  [[ $taken_ports != *" $1 "* ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# pick_port NAME USUAL: the usual one if nobody has it, else any; the one that it has, if any.
pick_port() {
  local candidate=$2
  [[ -z ${port[$1]:-} ]] || return 0
  until port_is_free "$candidate"; do
    candidate=$((ports_from + RANDOM % ports_count))
  done
  taken_ports+="$candidate "
  port[$1]=$candidate
}

url_of() { echo "http://127.0.0.1:${port[$1]}"; }

remediator_get() { curl -sf -m 2 "$(url_of remediator)/api/v1/$1"; }

# newest_incident CONTAINER: nothing where there is none.
newest_incident() { remediator_get "incidents?container=$1&limit=1" | jq -c '.incidents[0] // empty'; }

alertmanager_urls() {
  local name
  for name in "${alertmanagers[@]}"; do url_of "$name"; done
}

# As the members of a YAML list.
alertmanager_targets() { alertmanager_urls | sed "s|http://\(.*\)|'\1'|" | paste -sd,; }

# Only the containers of this run: another's broken ones must neither be touched nor, by the
# rule against storms, hold it back.
write_prometheus_config() {
  local ours
  ours=$(container_name '.*')
  sed -e "s|127\.0\.0\.1:10115|127.0.0.1:${port[exporter]}|" \
    -e "s|127\.0\.0\.1:10116|127.0.0.1:${port[remediator]}|" \
    -e "s|127\.0\.0\.1:9090|127.0.0.1:${port[prometheus]}|" \
    -e "s|'127\.0\.0\.1:9093'|$(alertmanager_targets)|" \
    -e 's|\(scrape_interval\): .*|\1: 1s|' -e 's|\(evaluation_interval\): .*|\1: 1s|' \
    -e "s|\.\./rules/|$repo_root/rules/|" \
    -e "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($ours)?', action: keep}]" \
    prometheus/prometheus.yml >"$session_dir/prometheus.yml"
}

# Nobody is told: what has no receiver can't fail to reach one.
write_alertmanager_config() {
  sed -f alertmanager/machine-only.sed \
    -e "s|127\.0\.0\.1:10116|127.0.0.1:${port[recorder]:-${port[remediator]}}|" \
    alertmanager/alertmanager.yml >"$session_dir/alertmanager.yml"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$session_dir/webhook.token")
}

start_exporter() {
  start_process exporter "$exporter_program" \
    --web.listen-address "127.0.0.1:${port[exporter]}" --docker.host "${engine_in_front:-$DOCKER_HOST}" \
    ${exporter_config:+--config.file "$exporter_config"}
}

start_remediator() {
  start_process remediator "$remediator_program" \
    --web.listen-address "127.0.0.1:${port[remediator]}" --docker.host "${engine_in_front:-$DOCKER_HOST}" \
    --prometheus.url "$(url_of prometheus)" --alertmanager.url "$(alertmanager_urls | paste -sd,)" \
    --journal.path "$session_dir/journal.db" --webhook.token-file "$session_dir/webhook.token"
}

start_prometheus() {
  start_process prometheus prometheus \
    --config.file="$session_dir/prometheus.yml" --storage.tsdb.path="$session_dir/prometheus" \
    --web.listen-address="127.0.0.1:${port[prometheus]}" --rules.alert.resend-delay=5s
}

# On its own: an address to listen for other Alertmanagers would only wait for them.
start_alertmanager() {
  start_process alertmanager prometheus-alertmanager \
    --config.file="$session_dir/alertmanager.yml" --storage.path="$session_dir/alertmanager" \
    --web.listen-address="127.0.0.1:${port[alertmanager]}" --cluster.listen-address=
}

ready_or_dead() {
  ! process_runs "$1" || curl -sf -m 1 -o /dev/null "$(url_of "$1")/-/ready"
}

await_ready() {
  local name=$1
  wait_until 30 ready_or_dead "$name" || fail "$name does not get ready"
  process_runs "$name" || fail "$name has ended"
}

start_stack() {
  local name processes=(exporter remediator "${alertmanagers[@]}" prometheus)
  say "starting Prometheus, Alertmanager, selfheal-exporter and selfheal-remediator"
  pick_port prometheus 9090
  pick_port alertmanager 9093
  pick_port exporter 10115
  pick_port remediator 10116
  write_prometheus_config
  write_alertmanager_config
  for name in "${processes[@]}"; do "start_$name"; done
  for name in "${processes[@]}"; do await_ready "$name"; done
}

print_addresses() {
  cat <<EOT

Everything is left running:
  Prometheus           $(url_of prometheus)/alerts
  Alertmanager         $(url_of alertmanager)
  selfheal-exporter    $(url_of exporter)/metrics
  selfheal-remediator  $(url_of remediator)/
  sample apps          ${app_url[broken]}/health  ${app_url[other]}/health
Break it again:        curl -X POST '${app_url[broken]}/break?mode=hang'
Logs, configuration:   $session_dir
End it:                compose/demo --stop
EOT
}
