#!/usr/bin/env bash
# Every query of the dashboards has an answer from a Prometheus that has seen what can happen to
# containers: healed of an error, a hang and a crash, given up, held, set aside; with and without a
# limit of memory; and a target with a certificate. Which Prometheus, says the PATH.
# shellcheck disable=SC2154 # of the library
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../end_to_end/lib/session.sh"

# An https server beside the containers, for the certificate's expiry.
start_target() {
  pick_any_port target
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj /CN=localhost -keyout "$session_dir/target.key" -out "$session_dir/target.crt" 2>/dev/null
  start_process target openssl s_server -quiet -www -accept "127.0.0.1:${port[target]}" \
    -key "$session_dir/target.key" -cert "$session_dir/target.crt"
  exporter_config=$session_dir/exporter.yml
  cat >"$exporter_config" <<YAML
modules:
  any_certificate: {prober: http, http: {tls_config: {insecure_skip_verify: true}}}
targets:
  - {name: front, url: "https://127.0.0.1:${port[target]}/", module: any_certificate, interval: 1s}
YAML
}

start_containers() {
  local app
  for app in error hang crash db aside calm one two; do run_app "$app" "${watched[@]}"; done
  run_app web "${watched[@]}" --label "selfheal.depends-on=${app_name[db]}"
  run_app memory "${watched[@]}" --memory 256m --label selfheal.memory=true
  # In the host's network, where it has a second probe: of the https server.
  pick_any_port app-front
  run_app front "${watched[@]}" --network host --env "PORT=${port[app-front]}" \
    --label "selfheal.probe=http://:${port[app-front]}/health" \
    --label "selfheal.probe.tls=https://:${port[target]}/" --label selfheal.module.tls=any_certificate 2>/dev/null
}

# What it needs nobody watches, and that hangs for good once all has been seen to be well, whatever is restarted.
start_hopeless() {
  run_app needed
  run_app hopeless "${watched[@]}" \
    --env "UPSTREAM=$(docker inspect --format '{{.NetworkSettings.IPAddress}}' "${app_name[needed]}"):8080"
}
lose_hopeless() {
  await 30 "hopeless has passed" prometheus_has "selfheal:probe_ever_passed{container=\"${app_name[hopeless]}\"} == 1"
  docker pause "${app_name[needed]}" >/dev/null
}

prometheus_has() { [[ -n $(prometheus_value "count($1)") ]]; }

# The rules over days are evaluated every two minutes only.
await_history() {
  local record
  for record in selfheal:group_availability:avg3d selfheal:time_to_recover_seconds:p90_1h \
    selfheal:time_to_detect_seconds:p90_1h selfheal:restarts_avoided:increase1h; do
    await 150 "there is $record" prometheus_has "$record"
  done
}

# web is broken as well as what it needs, so it is held until that has been well for a minute.
hold_web() {
  break_app db hang
  break_app web error
  await 20 "web is held" prometheus_has "selfheal:container_held{container=\"${app_name[web]}\"}"
}

begin_test
began=$(date +%s)
start_target
start_containers
start_chain 11
start_hopeless
docker stop "${app_name[aside]}" >/dev/null
for mode in error hang crash; do
  heal "$mode" "$mode"
  await_recovery "$mode"
done
shown "healed: error, hang, crash"
lose_hopeless
await 150 "an attempt fails" prometheus_has "selfheal_remediator_attempt_failures_total{container=\"${app_name[hopeless]}\"}"
await_history
hold_web
shown "held: web; given up on: hopeless"
for daemon in exporter remediator; do
  curl -sf -m 5 "$(url_of "$daemon")/metrics" | python3 -B tests/metrics/published.py "$daemon" ||
    fail "$daemon/METRICS.md is not what is published, see above"
done
python3 -B tests/dashboards/live_queries.py "$(url_of prometheus)" $(($(date +%s) - began)) \
  "${app_name[error]}" "${app_name[hang]}" "${app_name[crash]}" ||
  fail "queries of the dashboards are wrong, see above"
