#!/usr/bin/env bash
# The stack of compose/compose.yaml, started as its README says, on a machine that need not reach any
# registry: in a dry run it tells what it would do and does nothing; then it heals, through proxies that
# let nobody do more than he must.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
# shellcheck source=compose/setup/newer_compose.sh
source compose/setup/newer_compose.sh
have_compose || exit 77

readonly parts=(docker-read docker-act exporter remediator prometheus alertmanager sample-app sample-front)

# No part is root, can become it, writes outside of its volumes, or takes all memory and processes.
expect_hardened() {
  local expected found
  expected='readonly=true privileged=false caps=["ALL"] added=null options=["no-new-privileges:true"] restart=unless-stopped limits=true'
  found=$(inspected "$1" '{{json .HostConfig}}' | jq -r '"readonly=\(.ReadonlyRootfs) privileged=\(.Privileged) " +
    "caps=\(.CapDrop) added=\(.CapAdd) options=\(.SecurityOpt) restart=\(.RestartPolicy.Name) " +
    "limits=\(.Memory > 0 and .PidsLimit > 0)"')
  expect_equal "how $1 is confined" "$expected" "$found"
  found=$(docker top "$(container "$1")" -eo pid,uid | awk 'NR > 1 {print ($2 > 0 ? "a user" : "root")}' | sort -u)
  expect_equal "as whom $1 runs" "a user" "$found"
}

expect_socket_only_in_proxies() {
  local id mounts
  for id in $(stack_containers); do
    mounts=$(docker inspect --format '{{.Name}}{{range .Mounts}} {{.Destination}}{{end}}' "$id")
    [[ $mounts != *docker.sock* || $mounts == *docker-read* || $mounts == *docker-act* ]] || fail "Docker's socket is in $mounts"
  done
}

members_of() { docker network inspect "${stack_project}_$1" --format '{{range .Containers}}{{.Name}} {{end}}' | wc -w; }

# address_in SERVICE NETWORK: in a variable, for a failure in the midst of a text would go by unseen.
address_in() { inspected "$1" "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" | grep .; }

metric_of_dry_run() { [[ $(metric remediator selfheal_remediator_decisions_total 'reason="dry_run"') -ge 1 ]]; }

# What compose/README.md gives to paste is taken by Compose: into an application's file, and beside the stack's.
expect_pasted() {
  local app=$session_dir/app.yaml thresholds=$session_dir/thresholds.yaml also=$session_dir/override.yaml
  block_of README.md 'selfheal.enable: "true"' >"$app"
  "${compose[@]}" --file "$app" config --quiet || fail "Compose does not take the labels of README.md"
  block_of compose/README.md 'networks: [default, selfheal-watched]

networks:' >"$app"
  block_of compose/README.md selfheal.failure-threshold: >"$thresholds"
  sed -i "/selfheal.probe/r $thresholds" "$app"
  "${compose[@]}" --file "$app" config >"$session_dir/app.log" || fail "Compose does not take the labels of compose/README.md"
  expect_text "the application" "selfheal.failure-threshold: '5'" "$(tr '"' "'" <"$session_dir/app.log")"
  block_of compose/README.md SELFHEAL_ALERTMANAGER_URL: >"$also"
  expect_text "the stack with another Prometheus" "SELFHEAL_PROMETHEUS_URL: http://prometheus.example.org:9090" \
    "$(stack --file "$also" config)"
}

begin_test
prepare_stack ''
expect_equal "what a new .env says of a dry run" true "$(stack_value SELFHEAL_DRY_RUN)"
if [[ -x $newer_compose ]]; then
  (compose=("$newer_compose") && stack config --quiet) || fail "Compose v2 does not take compose.yaml"
fi
expect_pasted
readme 'compose/prepare
compose/images/build.sh'
readme '--profile sample up'
await 90 "every part of the stack is healthy" stack_healthy
shown "the stack is up, and every part says by itself that it works"

for part in "${parts[@]}"; do expect_hardened "$part"; done
expect_socket_only_in_proxies
expect_equal "images over 60 MB" "" "$(docker images --format '{{.Tag}} {{.Repository}} {{.Size}}' |
  awk -v tag="$stack_tag" '$1 == tag && ($3 !~ /MB$/ || $3 + 0 >= 60)')"
shown "none is root or can become it, and only the two proxies have Docker's socket"

id=$(container sample-app)
expect_answers exporter <<LINES
200 GET docker-read:2375/_ping
200 GET docker-read:2375/v1.41/containers/json
200 GET docker-read:2375/containers/$id/json
403 POST docker-read:2375/containers/$id/restart
403 POST docker-read:2375/v1.41/containers/$id/stop
403 POST docker-read:2375/containers/create
403 POST docker-read:2375/containers/$id/exec
403 POST docker-read:2375/_ping
403 PUT docker-read:2375/containers/$id/archive
403 DELETE docker-read:2375/containers/$id
403 GET docker-read:2375/containers/$id/logs
403 GET docker-read:2375/containers/$id/export
403 GET docker-read:2375/containers/$id/archive
403 GET docker-read:2375/images/json
403 GET docker-read:2375/secrets
403 GET docker-read:2375//containers/json
403 GET docker-read:2375/containers/../images/json
403 GET docker-read:2375/containers/x%2Fy/json
LINES
expect_answers remediator <<LINES
200 GET docker-act:2375/_ping
200 GET docker-act:2375/containers/$id/top
404 POST docker-act:2375/containers/there-is-none/restart
404 POST docker-act:2375/v1.41/containers/there-is-none/kill
403 POST docker-act:2375/containers/create
403 POST docker-act:2375/containers/$id/exec
403 POST docker-act:2375/exec/0123/start
403 POST docker-act:2375/containers/$id/update
403 POST docker-act:2375/containers/$id/rename
403 POST docker-act:2375/containers/$id/pause
403 POST docker-act:2375/containers/$id/attach
403 POST docker-act:2375/containers/../images/create
403 POST docker-act:2375/images/create
403 POST docker-act:2375/services/x/update
403 POST docker-act:2375/swarm/leave
403 DELETE docker-act:2375/containers/$id
403 PUT docker-act:2375/containers/$id/archive
403 GET docker-act:2375/containers/$id/export
403 GET docker-act:2375/images/x/json
LINES
shown "the exporter's proxy lets nothing be changed; the remediator's lets containers be healed, and no more"

expect_equal "members of the network docker-read" 2 "$(members_of docker-read)"
expect_equal "members of the network docker-act" 2 "$(members_of docker-act)"
read_proxy=$(address_in docker-read "${stack_project}_docker-read")
act_proxy=$(address_in docker-act "${stack_project}_docker-act")
webhook=$(address_in remediator "$stack_project-monitoring")
exporter_outside=$(address_in exporter "$stack_project-watched")
expect_answers sample-app <<LINES
nothing GET $read_proxy:2375/_ping
nothing GET $act_proxy:2375/_ping
nothing POST $webhook:10116/api/v1/alerts
nothing GET $exporter_outside:10115/metrics
LINES
expect_answers prometheus <<LINES
nothing GET $read_proxy:2375/_ping
nothing GET $act_proxy:2375/_ping
200 GET exporter:10115/metrics
401 POST remediator:10116/api/v1/alerts
LINES
expect_answers exporter <<<"nothing GET $act_proxy:2375/_ping"
expect_answers remediator <<<"nothing GET $read_proxy:2375/_ping"
shown "nobody else reaches a proxy; an application reaches neither daemon; the webhook wants its token"

front_before=$(life_of sample-front)
app_before=$(life_of sample-app)
readme 'curl -X POST'
await 60 "the dry run tells what it would do" metric_of_dry_run
expect_equal "the life of the app in a dry run" "$app_before" "$(life_of sample-app)"
shown "in the dry run it was decided, told, and not done"

readme "sed -i 's/^SELFHEAL_DRY_RUN=.*/SELFHEAL_DRY_RUN=false/' compose/.env
docker-compose -f compose/compose.yaml up -d"
await 90 "the app is healed" app_is_healthy
await 60 "the recovery is proven" recovered 1
[[ $(life_of sample-app) != "$app_before" ]] || fail "the app was not restarted"
expect_equal "the life of the app that depends on it" "$front_before" "$(life_of sample-front)"
expect_text "the log of the action proxy" "/containers/$id/restart?t=10 HTTP/1.1\"" "$(docker logs "$(container docker-act)" 2>&1)"
shown "for real it was restarted, once, through the proxy, and the app that depends on it was not"

readme /selfheal-remediator
expect_text "what the remediator tells at a terminal" recovered "$(<"$session_dir/readme.log")"
readme /-/reload
readme 'up -d exporter remediator'
readme 'compose/prepare
docker-compose -f compose/compose.yaml up -d --force-recreate alertmanager'
readme SELFHEAL_DEADMAN_URL= -e 's|https://deadman.example.org|http://127.0.0.1:9|'
expect_text "whom the Watchdog calls" http://127.0.0.1:9/selfheal "$(<"$session_dir/stack/generated/alertmanager/alertmanager.yml")"
await 60 "every part is healthy afterwards" stack_healthy
shown "and the commands of compose/README.md for later work"
