#!/usr/bin/env bash
# The stack of compose/compose.yaml, started as its README says, on a machine that need not reach any
# registry: in a dry run it tells what it would do and does nothing; then it heals, through proxies that
# let nobody do more than he must.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh
have_compose || skip "there is no Compose" "compose/setup/packages.sh compose"

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
    mounts=$(docker inspect --format '{{.Name}}{{range .Mounts}} {{.Source}}{{end}}' "$id")
    [[ $mounts != */docker.sock* || $mounts == /*docker-read[_-]1* || $mounts == /*docker-act[_-]1* ]] || fail "Docker's socket is in $mounts"
  done
}

# expect_shared_with DAEMON DAEMON: each proxy has no network, and shares its socket with its daemon alone.
expect_shared_with() {
  local name
  for name in docker-read docker-act; do
    # shellcheck disable=SC2016 # Docker's
    expect_equal "the networks of $name" none "$(inspected "$name" '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}')"
    expect_equal "who has the volume $name" "$name $1" \
      "$(docker ps --filter "volume=${stack_project}_$name" --format '{{.Label "com.docker.compose.service"}}' | sort | xargs)"
    shift
  done
}

# An address of a container's is reached by every process of the host; a file is not.
expect_unreachable_on_host() {
  local socket
  socket=$(proxy_socket "$1")
  as_root test -S "$socket" || fail "there is no socket $socket"
  ! as_root setpriv --reuid 65533 --regid 65533 --clear-groups curl -s -m 5 --unix-socket "$socket" http://docker/_ping ||
    fail "any user of the host speaks to $1"
}

# status_of VOLUME CURL ARGUMENT...
status_of() { as_root curl -s -m 10 -o /dev/null -w '%{http_code}' --unix-socket "$(proxy_socket "$1")" "${@:2}"; }

address_in() { inspected "$1" "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" | grep .; }

# What the remediator's proxy refuses, whatever .env allows.
never_allowed() {
  cat <<LINES
403 GET /v1.24/containers/json
403 POST /v1.24/containers/there-is-none/restart
403 POST /containers/$id/pause
403 POST /containers/$id/attach
403 POST /containers/../images/create
403 POST /images/create
403 POST /swarm/leave
403 POST /services/create {}
403 POST /networks/create {}
403 POST /networks/prune
403 PUT /containers/$id/archive
403 GET /containers/$id/export
403 GET /services
403 GET /secrets
403 DELETE /images/x
403 DELETE /networks/x
403 DELETE /services/x
LINES
}

metric_of_dry_run() { [[ $(metric remediator selfheal_remediator_decisions_total 'reason="dry_run"') -ge 1 ]]; }

# What compose/README.md gives to paste is taken by Compose: into an application's file.
expect_pasted() {
  local app=$session_dir/app.yaml thresholds=$session_dir/thresholds.yaml
  block_of README.md 'selfheal.enable: "true"' >"$app"
  "${compose[@]}" --file "$app" config --quiet || fail "Compose does not take the labels of README.md"
  block_of compose/README.md 'networks: [default, selfheal-watched]

networks:' >"$app"
  block_of compose/README.md selfheal.failure-threshold: >"$thresholds"
  sed -i "/selfheal.probe/r $thresholds" "$app"
  "${compose[@]}" --file "$app" config >"$session_dir/app.log" || fail "Compose does not take the labels of compose/README.md"
  expect_text "the application" "selfheal.failure-threshold: '5'" "$(tr '"' "'" <"$session_dir/app.log")"
}

begin_test
prepare_stack ''
# That it is to stay is this test's own word, which it takes back where nobody else has given it.
kept=/run/selfheal-dev/users/keep
[[ -e $kept ]] && kept=
readme compose/setup/docker.sh
[[ -z $kept ]] || compose/setup/docker.sh stop
expect_equal "what a new .env says of a dry run" true "$(stack_value SELFHEAL_DRY_RUN)"
if [[ -x $newer_compose ]]; then
  (compose=("$newer_compose") && stack config --quiet) || fail "Compose v2 does not take compose.yaml"
else
  [[ -z ${CI:-} ]] || fail "there is no Compose v2 to try compose.yaml with: compose/setup/newer_compose.sh fetches it"
  shown "Compose v2 is not there, and was not asked: compose/setup/newer_compose.sh fetches it"
fi
expect_pasted
expect_text "what of a Prometheus of your own reaches the remediator" 'SELFHEAL_PROMETHEUS_URL: http://elsewhere:1' \
  "$(set_stack SELFHEAL_PROMETHEUS_URL http://elsewhere:1 && stack config)"
expect_text "what of an Alertmanager of your own does" 'SELFHEAL_ALERTMANAGER_URL: http://elsewhere:2' \
  "$(set_stack SELFHEAL_ALERTMANAGER_URL http://elsewhere:2 && stack config)"
set_stack SELFHEAL_PROMETHEUS_URL ''
set_stack SELFHEAL_ALERTMANAGER_URL ''
readme compose/images/stand_ins.sh
readme '--profile sample up'
await 90 "every part of the stack is healthy" stack_healthy
shown "the stack is up, and every part says by itself that it works"

for part in "${parts[@]}"; do expect_hardened "$part"; done
expect_socket_only_in_proxies
expect_equal "images over 60 MB" "" "$(docker images --format '{{.Tag}} {{.Repository}} {{.Size}}' |
  awk -v tag="$stack_tag" '$1 == tag && ($3 !~ /MB$/ || $3 + 0 >= 60)')"
shown "none is root or can become it, and only the two proxies have Docker's socket"

id=$(container sample-app)
expect_proxy docker-read 10115 <<LINES
200 GET /_ping
200 GET /v1.41/containers/json
200 GET /containers/$id/json
403 GET /v1.24/containers/json
403 POST /containers/$id/restart
403 POST /v1.41/containers/$id/stop
403 POST /containers/create {}
403 POST /containers/$id/exec {}
403 POST /_ping
403 PUT /containers/$id/archive
403 DELETE /containers/$id
403 GET /containers/$id/logs
403 GET /containers/$id/export
403 GET /containers/$id/archive
403 GET /images/json
403 GET /secrets
403 GET //containers/json
403 GET /containers/../images/json
403 GET /containers/x%2Fy/json
LINES
expect_proxy docker-act 10116 <<LINES
200 GET /_ping
200 GET /containers/$id/top
404 POST /containers/there-is-none/restart
404 POST /v1.41/containers/there-is-none/kill
$(never_allowed)
403 POST /containers/create {}
403 POST /containers/$id/exec {}
403 POST /exec/0123/start {}
403 POST /containers/$id/update {}
403 POST /containers/$id/rename
403 POST /services/x/update {}
403 DELETE /containers/$id
403 GET /images/x/json
LINES
shown "the exporter's proxy lets nothing be changed; the remediator's lets containers be healed, and no more"

# An old API lets whoever starts a container say what of the host it gets.
stopped=$(docker create --label "selfheal.test-run=$test_run" --label "selfheal.test=$session_id" "$test_image")
expect_proxy docker-act 10116 <<LINES
403 POST /v1.22/containers/$stopped/start {"Privileged":true,"Binds":["/:/host"]}
403 POST /v1.23/containers/$stopped/start
403 POST /v1.41/containers/$stopped/start {"Binds":["/:/host"]}
403 POST /containers/$stopped/restart {}
LINES
expect_equal "a start with a body of unsaid length" 403 "$(status_of docker-act -X POST -H 'Transfer-Encoding: chunked' -d '{}' "http://docker/containers/$stopped/start")"
expect_equal "a start in HTTP/2" 403 "$(status_of docker-act --http2-prior-knowledge -X POST "http://docker/containers/$stopped/start")"
expect_equal "what became of the container" "created [] false" "$(docker inspect --format '{{.State.Status}} {{or .HostConfig.Binds "[]"}} {{.HostConfig.Privileged}}' "$stopped")"
shown "a start says nothing but what is to be started"

expect_shared_with exporter remediator
expect_proxy docker-read 10116 <<<"nothing GET /_ping"
expect_proxy docker-read 65533 <<<"nothing GET /_ping"
expect_proxy docker-act 10115 <<<"nothing GET /_ping"
expect_unreachable_on_host docker-read
expect_unreachable_on_host docker-act
webhook=$(address_in remediator "$stack_project-monitoring")
exporter_outside=$(address_in exporter "$stack_project-watched")
expect_answers sample-app <<LINES
nothing POST $webhook:10116/api/v1/alerts
nothing GET $exporter_outside:10115/metrics
LINES
expect_answers prometheus <<LINES
200 GET exporter:10115/metrics
401 POST remediator:10116/api/v1/alerts
LINES
shown "nobody else reaches a proxy; an application reaches neither daemon; the webhook wants its token"

front_before=$(life_of sample-front)
app_before=$(life_of sample-app)
readme 'curl -X POST'
await 60 "the dry run tells what it would do" metric_of_dry_run
expect_equal "the life of the app in a dry run" "$app_before" "$(life_of sample-app)"
readme 'explain -'
expect_text "what would be done now, and why not" dry_run "$(readme_output)"
shown "in the dry run it was decided, told, and not done"

readme "sed -i 's/^SELFHEAL_DRY_RUN=.*/SELFHEAL_DRY_RUN=false/' compose/.env
docker-compose -f compose/compose.yaml up -d"
await 90 "the app is healed" app_is_healthy
await 60 "the recovery is proven" recovered 1
[[ $(life_of sample-app) != "$app_before" ]] || fail "the app was not restarted"
expect_equal "the life of the app that depends on it" "$front_before" "$(life_of sample-front)"
expect_text "the log of the action proxy" "/containers/$id/restart?t=10 HTTP/1.1\"" "$(docker logs "$(container docker-act)" 2>&1)"
shown "for real it was restarted, once, through the proxy, and the app that depends on it was not"

set_stack SELFHEAL_ALLOW_EXEC 1
set_stack SELFHEAL_ALLOW_RECREATE true
set_stack SELFHEAL_ALLOW_SERVICE_UPDATE true
stack up -d docker-act >"$session_dir/allow.log" 2>&1 || fail "the proxy does not come up with all allowed"
await 60 "every part is healthy with all allowed" stack_healthy
expect_proxy docker-act 10116 <<LINES
201 POST /v1.41/containers/$id/exec {"Cmd":["/sample-app","--version"]}
404 POST /exec/0123/start {}
404 GET /exec/0123/json
404 GET /images/there/is%3Anone/json
404 GET /networks/there-is-none
400 POST /containers/create?name=x {}
404 POST /containers/there-is-none/rename?name=x
404 POST /containers/there-is-none/update {}
404 POST /networks/there-is-none/connect {"Container":"x"}
404 DELETE /containers/there-is-none
503 GET /services/there-is-none
503 GET /tasks
503 POST /services/there-is-none/update?version=1 {}
404 POST /containers/there-is-none/restart
403 POST /containers/there-is-none/restart {}
$(never_allowed)
LINES
shown "what .env allows passes, by 1 and by true, and nothing beside it"

readme '/selfheal-remediator incidents'
expect_text "what the remediator tells at a terminal" recovered "$(<"$session_dir/readme.log")"
readme /-/reload
set_stack SELFHEAL_HOST box.example.org
readme 'compose/prepare
docker-compose -f compose/compose.yaml up -d
docker-compose -f compose/compose.yaml up -d --force-recreate alertmanager'
expect_text "where people reach the remediator" "http://box.example.org:${port[remediator]}" "$(inspected remediator '{{.Config.Env}}')"
for part in prometheus alertmanager; do
  expect_text "where people reach $part" "http://box.example.org:${port[$part]}/" "$(inspected $part '{{.Args}}')"
done
readme SELFHEAL_DEADMAN_URL= -e 's|https://deadman.example.org|http://127.0.0.1:9|'
expect_text "whom the Watchdog calls" http://127.0.0.1:9/selfheal "$(<"$session_dir/stack/generated/alertmanager/alertmanager.yml")"
await 60 "every part is healthy afterwards" stack_healthy
shown "and the commands of compose/README.md for later work"
