#!/usr/bin/env bash
# One remediator for two real engines: this machine's, and one of the test's own behind TLS with
# client certificates, which is stopped and comes back. Started through private_engine_test.sh.
#
#   tests/remediator/two_engines_test.sh PATH-OF-selfheal-remediator
#
# A container of the same name on each breaks, as far as Alertmanager's webhook tells: which one is
# restarted is the host's business. Skipped (77) where the engines can't be had.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/skip.sh
source "$here/../support/skip.sh"
# shellcheck source=compose/setup/lib.sh
source "$here/../../compose/setup/lib.sh"

if [[ -z ${SELFHEAL_TEST_ENGINE_FOLDER:-} ]]; then
  [[ ${DOCKER_HOST:-unix://} == unix://* ]] || skip "the engine that is there has no unix socket" "a DOCKER_HOST of unix://"
  for tool in curl jq; do command -v "$tool" >/dev/null || skip "there is no $tool" "tests/run installs it"; done
  export SELFHEAL_TEST_ENGINE_NAME=second-engine
  exec "$here/../exporter/private_engine_test.sh" "$here/${BASH_SOURCE[0]##*/}" "$(realpath "$1")"
fi

remediator=$1
image=${SELFHEAL_TEST_IMAGE:-selfheal.invalid/sample-app:dev}
run=${SELFHEAL_TEST_RUN:-$RANDOM$RANDOM}
name=selfheal-two-engines-$$
folder=$(mktemp -d)
second_pid=$(<"$SELFHEAL_TEST_ENGINE_FOLDER/pid")
url=http://127.0.0.1:10116

first() {
  env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH ${SELFHEAL_TEST_OUTER_API:+"DOCKER_API_VERSION=$SELFHEAL_TEST_OUTER_API"} \
    docker -H "$SELFHEAL_TEST_OUTER_ENGINE" "$@"
}
# By its socket: a test must not wait for what it has stopped.
second() { env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH docker -H "unix://$SELFHEAL_TEST_ENGINE_FOLDER/docker.sock" "$@"; }

finish() {
  kill -CONT "$second_pid" 2>/dev/null || true
  if [[ -n ${remediator_pid:-} ]]; then
    kill -TERM "$remediator_pid" 2>/dev/null || true
    wait "$remediator_pid" 2>/dev/null || true
  fi
  for engine in first second; do "$engine" rm --force "$name" >/dev/null 2>&1 || true; done
  rm -rf "$folder"
}
trap finish EXIT

fail() {
  echo "FAILED: $*" >&2
  tail -n 30 "$folder/log" >&2
  exit 1
}

# await SECONDS WHAT COMMAND...
await() {
  local deadline=$(($(now_ms) + $1 * 1000)) what=$2
  shift 2
  until "$@"; do
    (($(now_ms) < deadline)) || fail "not in time: $what"
    sleep 0.05
  done
}

starts_of() { "$1" inspect --format '{{.State.StartedAt}}' "$name"; }
has_new_start() { [[ $(starts_of "$1") != "$2" ]]; }
ready_says() { curl -s -m 5 "$url/-/ready" | grep -qF -- "$1"; }
connected_is() {
  curl -s -m 5 "$url/metrics" | grep -qF "selfheal_remediator_docker_connected{host=\"$1\"} $2"
}
# The last incident of a host: its outcome and what its last attempt came to.
last_incident() {
  curl -s -m 5 "$url/api/v1/incidents?container=$name" |
    jq -r --arg host "$1" 'first(.incidents[] | select(.host == $host)) | .outcome + " " + .reason'
}
last_is() { [[ $(last_incident "$1") == "$2" ]]; }

# fire HOST STARTS-AT
fire() {
  jq -n --arg host "$1" --arg container "$name" --arg at "$2" '{version: "4", alerts: [{
    status: "firing", startsAt: $at, fingerprint: $host, labels: {alertname: "ProbeFailing",
      host: $host, container: $container, group: $container, remediation: "restart"}}]}' |
    curl -sf -m 5 -o /dev/null -H 'Content-Type: application/json' --data-binary @- \
      "$url/api/v1/alerts" || fail "the webhook was not taken"
}
now() { date -u +%Y-%m-%dT%H:%M:%S.%NZ; }

# heals ENGINE HOST: an alert now, and a restart that proves itself. Prints how long the restart
# took to begin with, in milliseconds.
heals() {
  local before begun
  before=$(starts_of "$1")
  begun=$(now_ms)
  fire "$2" "$(now)"
  await 5 "$2 restarts $name" has_new_start "$1" "$before"
  echo "  * on $2 restarted after $(($(now_ms) - begun)) ms"
  await 10 "$2 recovers" last_is "$2" "recovered recovered"
}

first_host=$(first info --format '{{.Name}}')
second_host=$(second info --format '{{.Name}}')
[[ $second_host == second-engine ]] || fail "the second engine calls itself $second_host"
for engine in first second; do
  "$engine" run --detach --no-healthcheck --name "$name" --network "$([[ $engine == first ]] && echo bridge || echo host)" \
    --label selfheal.enable=true --label "selfheal.test-run=$run" --env PORT=18099 "$image" \
    >/dev/null
done

cat >"$folder/remediator.yml" <<EOF
guards: {cooldown: 0s, start_grace: 0s, create_grace: 0s, max_attempts: 20}
verification: {settled: 500ms}
docker:
  hosts:
    - {name: $first_host, url: '$SELFHEAL_TEST_OUTER_ENGINE'}
    - name: $second_host
      url: tcp://127.0.0.1:2376
      cert_path: $SELFHEAL_TEST_ENGINE_FOLDER/client
EOF
env -u DOCKER_HOST "$remediator" --config.file "$folder/remediator.yml" --log.level debug \
  --journal.path "$folder/journal.db" --web.listen-address 127.0.0.1:10116 2>"$folder/log" &
remediator_pid=$!
await 10 "both engines answer" ready_says ready
await 10 "the first is connected" connected_is "$first_host" 1
await 10 "the second is connected" connected_is "$second_host" 1

echo "each is healed by its host's name"
second_before=$(starts_of second)
heals first "$first_host"
[[ $(starts_of second) == "$second_before" ]] || fail "the namesake was restarted"
first_before=$(starts_of first)
heals second "$second_host"
[[ $(starts_of first) == "$first_before" ]] || fail "the namesake was restarted"

echo "one that has stopped answering holds up nobody"
second_before=$(starts_of second)
kill -STOP "$second_pid"
second_failure=$(now)
fire "$second_host" "$second_failure"
heals first "$first_host" # before anybody can know that the other one is gone
await 30 "the remediator sees that it is gone" connected_is "$second_host" 0
ready_says "host $second_host: Docker does not answer" || fail "/-/ready does not name it"
heals first "$first_host"

echo "back, it goes on"
kill -CONT "$second_pid"
await 30 "the remediator sees it" connected_is "$second_host" 1
fire "$second_host" "$second_failure" # Alertmanager repeats it
await 20 "what came meanwhile is restarted" has_new_start second "$second_before"
await 20 "and recovers" last_is "$second_host" "recovered recovered"
[[ $(curl -s -m 5 "$url/-/ready") == ready ]] || fail "/-/ready still complains"

starts=$(curl -s -m 5 "$url/api/v1/incidents?container=$name" | jq '[.incidents[].attempts] | add')
[[ $starts == 5 ]] || fail "$starts attempts, not one for each of five failures"
echo "all as expected"
