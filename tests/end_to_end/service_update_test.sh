#!/usr/bin/env bash
# The action service-update on a real Swarm of one node: a service of three replicas is healed by its
# own rolling update, and never has fewer than two of them running. On an engine of the test's own,
# in a network namespace of its own; status 77, skipped, where there can be none.
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${SELFHEAL_TEST_ENGINE_FOLDER:-} ]] ||
  exec "$here/../exporter/private_engine_test.sh" bash "$here/${BASH_SOURCE[0]##*/}" "$@"
export DOCKER_HOST=unix://$SELFHEAL_TEST_ENGINE_FOLDER/docker.sock
unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH
# shellcheck source=tests/end_to_end/lib/session.sh
source "$here/lib/session.sh"

# An address for each task on this machine, without what overlay networks need of it.
make_swarm() {
  docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 >/dev/null
  docker network create --config-only --subnet 10.99.7.0/24 addresses >/dev/null
  docker network create --driver bridge --scope swarm --config-from addresses tasks >/dev/null
}

# make_service NAME [ARGUMENT of docker service create...]: of three replicas, which run.
make_service() {
  local name=$1
  shift
  app_name[$name]=$(container_name "$name")
  docker service create --quiet --detach --no-resolve-image --no-healthcheck --network tasks \
    --name "${app_name[$name]}" --replicas 3 --stop-grace-period 5s --update-monitor 2s \
    --label "selfheal.test-run=$test_run" "$@" "$test_image" >/dev/null
  await 30 "three tasks of $name run" has_running "$name" 3
}

tasks_of() { docker ps --quiet --filter "label=com.docker.swarm.service.name=${app_name[$1]}"; }

has_running() { [[ $(tasks_of "$1" | wc -l) == "$2" ]]; }

# service NAME FORMAT
service() { docker service inspect --format "$2" "${app_name[$1]}"; }

forced() { service "$1" '{{.Spec.TaskTemplate.ForceUpdate}}'; }

update_is() { [[ $(service "$1" '{{with .UpdateStatus}}{{.State}}{{end}}') == "$2" ]]; }

address_of() { docker inspect --format '{{.NetworkSettings.Networks.tasks.IPAddress}}' "$1"; }

# break_replicas NAME COUNT
break_replicas() {
  local container
  for container in $(tasks_of "$1" | head -n "$2"); do
    curl -sf -m 5 -o /dev/null -X POST "http://$(address_of "$container"):8080/break?mode=error"
  done
}

all_serve() {
  local container
  for container in $(tasks_of "$1"); do
    curl -sf -m 1 -o /dev/null "http://$(address_of "$container"):8080/health" || return 1
  done
  has_running "$1" 3
}

# Docker's own word for each start and end, which misses none; and a count every 50 ms beside it.
watch_replicas() {
  start_process "$1-events" docker events --since "$(date +%s.%N)" --filter type=container \
    --filter "label=com.docker.swarm.service.name=${app_name[$1]}" \
    --filter event=start --filter event=die --format '{{.Action}}'
  # shellcheck disable=SC2016 # for the inner shell
  start_process "$1-samples" bash -c 'while sleep 0.05; do curl -sf -m 2 --get \
    --unix-socket "$1" --data-urlencode "filters={\"status\":[\"running\"],\"label\":[\"$2\"]}" \
    http://docker/containers/json | jq length; done' sampler "${DOCKER_HOST#unix://}" \
    "com.docker.swarm.service.name=${app_name[$1]}"
  await 10 "the replicas of $1 are counted" log_has "$1-samples" '^3$'
}

starts_are() { [[ $(log_lines "$1-events" '^start$') == "$2" ]]; }

# expect_one_at_a_time NAME STARTS: of what was watched, so many starts and as many ends.
expect_one_at_a_time() {
  local least fewest_seen
  await 10 "Docker tells of $2 starts of $1" starts_are "$1" "$2"
  expect_equal "how many tasks of $1 ended" "$2" "$(log_lines "$1-events" '^die$')"
  least=$(awk 'BEGIN {running = least = 3} /^die$/ {--running} /^start$/ {++running}
    running < least {least = running} END {print least}' "$session_dir/$1-events.log")
  fewest_seen=$(sort -n "$session_dir/$1-samples.log" | head -n 1)
  ((least == 2 && fewest_seen >= 2)) ||
    fail "$1 had $least tasks running by Docker's events, $fewest_seen by $(wc -l <"$session_dir/$1-samples.log") samples"
  shown "$1: $2 tasks replaced, never fewer than $least of 3 running by the events, $fewest_seen in $(wc -l <"$session_dir/$1-samples.log") samples"
}

# An alert as a rule of a person's would give it for a service.
alert_of_service() {
  tell "$1" '.alerts[0].labels |= (.service = .container | del(.container)
    | .remediation = "service-update")'
}

incident_of_is() { [[ $(incident_of "$1" "$2") == true ]]; }

await_service_recovery() {
  await 120 "the incident of service/${app_name[$1]} is closed as recovered" incident_of_is \
    "service/${app_name[$1]}" '.state == "closed" and .outcome == "recovered"'
}

begin_test
make_swarm

# ---- the whole chain as it is: a container's alert asks for a restart, and its service is updated
make_service web "${watched[@]/--label/--container-label}"
start_chain 3
broken=$(docker inspect --format '{{slice .Name 1}}' "$(tasks_of web | head -n 1)")
watch_replicas web
break_replicas web 1
await 90 "the update of web is complete" update_is web completed
await 60 "the incident of $broken is closed as recovered" incident_of_is "$broken" \
  '.state == "closed" and .outcome == "recovered" and .attempts[-1].action == "service-update"'
expect_equal "forced updates of web" 1 "$(forced web)"
all_serve web || fail "not all replicas of web serve"
expect_one_at_a_time web 3
expect_metric 1 remediator selfheal_remediator_attempts_total 'action="service-update"'
for name in prometheus alertmanager exporter remediator; do end_daemon "$name" TERM; done
docker service rm "${app_name[web]}" >/dev/null

# ---- by an alert that names the service; the remediator is killed in the middle of the update
make_service shop --label selfheal.enable=true
rm -f "$session_dir"/journal.db*
start_quick_remediator
watch_replicas shop
break_replicas shop 3
alert_of_service shop
await 20 "the update of shop has begun" update_is shop updating
await 5 "the attempt is being verified" incident_of_is "service/${app_name[shop]}" '.state == "verifying"'
end_daemon remediator KILL
start_lone_remediator
await_ready remediator
await_service_recovery shop
expect_equal "forced updates of shop" 1 "$(forced shop)"
all_serve shop || fail "not all replicas of shop serve"
expect_one_at_a_time shop 3
incident_of_is "service/${app_name[shop]}" '.attempts | length == 1' || fail "more than one attempt"
"$remediator_program" reset --url "$(url_of remediator)" \
  --webhook.token-file "$session_dir/webhook.token" "$(engine_host)" "service/${app_name[shop]}" >/dev/null ||
  fail "the attempts of a service can't be reset"
shown "killed in the middle of it: one update, verified by the next process"

# ---- what would take all tasks down at once is left to a person
docker service update --quiet --detach --update-parallelism 0 "${app_name[shop]}" >/dev/null
alert_of_service shop
await 20 "an update of all tasks at once is refused" \
  incident_of_is "service/${app_name[shop]}" '.reason == "all_at_once"'
expect_equal "forced updates of shop" 1 "$(forced shop)"
shown "$(incident_of "service/${app_name[shop]}" .detail)"

# ---- an engine outside any Swarm
docker swarm leave --force >/dev/null
await 40 "without a manager it is refused" \
  incident_of_is "service/${app_name[shop]}" '.reason == "no_manager"'
shown "$(incident_of "service/${app_name[shop]}" .detail)"
