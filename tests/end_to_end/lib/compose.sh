# shellcheck shell=bash
# shellcheck disable=SC2154 # of the other parts
# The stack of compose/ as a project of the test's own, beside whatever else runs on this engine: its
# folder, its ports and its names are the session's, and its Prometheus keeps no series of other
# containers, so that none is touched.

# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh
# shellcheck source=compose/setup/newer_compose.sh
source compose/setup/newer_compose.sh

stack_project= # also what the names of its networks begin with
stack_tag=

# From version 1.45 of its API on an engine no longer tells what Compose 1.29 wants to know to recreate a container.
engine_wants_newer_compose() {
  local api
  api=$(docker version --format '{{.Server.APIVersion}}' 2>/dev/null) || return 1
  [[ $(printf '%s\n' 1.45 "$api" | sort --version-sort | head -n 1) == 1.45 ]]
}

# SELFHEAL_COMPOSE is another one than is installed, wherever it is from.
choose_compose() {
  if [[ -n ${SELFHEAL_COMPOSE:-} ]]; then
    compose=("$SELFHEAL_COMPOSE")
  elif docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif [[ -x $newer_compose ]] && { ! have docker-compose || engine_wants_newer_compose; }; then
    compose=("$newer_compose")
  else
    compose=(docker-compose)
  fi
}
choose_compose

have_compose() { "${compose[@]}" version >/dev/null 2>&1; }

# stack ARGUMENT...: Compose, about this project.
stack() {
  # Only what .env says counts.
  env --unset=COMPOSE_PROFILES --unset=COMPOSE_PROJECT_NAME "${compose[@]}" --env-file "$session_dir/stack/.env" \
    --project-name "$stack_project" --file compose/compose.yaml --file "$session_dir/stack/labels.yaml" "$@"
}

# By which the session, and tests/run, find the containers, whatever happens to this script. (Of networks
# and volumes Compose 1.29 would take what is said here for all there is to say.)
write_labels() {
  local name
  echo 'services:' >"$session_dir/stack/labels.yaml"
  for name in docker-read docker-act exporter remediator prometheus alertmanager grafana sample-app sample-front; do
    echo "  $name: {labels: {selfheal.test-run: '$test_run', selfheal.$session_kind: $session_id}}"
  done >>"$session_dir/stack/labels.yaml"
}

# What the session does at its end, after what Compose has made. Not by Compose, which takes its time.
eval "session_$(declare -f clean_up)"
clean_up() {
  if [[ -n $stack_project ]]; then
    local of_project="label=com.docker.compose.project=$stack_project"
    docker ps --all --quiet --filter "$of_project" | xargs --no-run-if-empty docker rm --force --volumes
    docker network ls --quiet --filter "$of_project" | xargs --no-run-if-empty docker network rm
    docker volume ls --quiet --filter "$of_project" | xargs --no-run-if-empty docker volume rm
    docker rmi "selfheal.invalid/"{exporter,remediator,sample-app}":$stack_tag"
  fi >/dev/null 2>&1
  session_clean_up
}

set_stack() { sed -i "s|^$1=.*|$1=$2|" "$session_dir/stack/.env"; }

stack_value() { env_value "$1" "$session_dir/stack/.env"; }

# prepare_files [ARGUMENT...]: compose/prepare, for this folder; and what keeps the stack's hands off
# everything else.
# shellcheck disable=SC2120 # tests give them
prepare_files() {
  compose/prepare "$@" "$session_dir/stack"
  sed -i "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($stack_project.*)?', action: keep}]" \
    "$session_dir/stack/generated/prometheus/prometheus.yml"
}

# compose/images/build.sh, of the programs that are tested.
build_images() {
  compose/images/build.sh --programs "${SELFHEAL_BUILD:-build/release}" "$stack_tag" || fail "the images are not built"
}

# prepare_stack PROFILES: everything up to the images that are not selfheal's.
prepare_stack() {
  local name
  choose_compose # again, for an engine of the test's own that was not there before
  stack_tag=${stack_tag:-test-$session_id}
  stack_project=selfheal-test-$session_id
  prepare_files
  write_labels
  set_stack COMPOSE_PROJECT_NAME "$stack_project"
  set_stack SELFHEAL_PREFIX "$stack_project"
  set_stack SELFHEAL_VERSION "$stack_tag"
  set_stack COMPOSE_PROFILES "$1"
  for name in exporter remediator prometheus alertmanager grafana sample_app; do
    pick_any_port "$name"
    set_stack "${name^^}_PORT" "${port[$name]}"
  done
  compose/images/stand_ins.sh "$session_dir/stack/.env" || fail "there are no images of what is not selfheal's"
}

# readme TEXT [ARGUMENT of sed...]: runs the block of commands of compose/README.md that has TEXT in it, as it stands
# there, but for the names, ports and files that are this project's own.
readme() {
  run_block compose/README.md "$1" "${@:2}" \
    -e 's|docker-compose -f compose/compose.yaml|stack|' -e 's|stack exec \(-T \)\?|stack exec -T |' \
    -e 's|compose/prepare|prepare_files|' -e 's|compose/images/build.sh|build_images|' \
    -e "s|compose/images/stand_ins.sh|& $session_dir/stack/.env|" \
    -e "s#compose/\(\.env\|secrets\)#$session_dir/stack/\1#" \
    -e "s|localhost:8080|127.0.0.1:${port[sample_app]}|" -e "s|localhost:10115|127.0.0.1:${port[exporter]}|" \
    -e "s|localhost:10116|127.0.0.1:${port[remediator]}|" -e "s|localhost:9093|127.0.0.1:${port[alertmanager]}|"
}

start_stack_of_compose() {
  stack up -d >"$session_dir/compose-up.log" 2>&1 || fail "the stack does not come up"
}

stack_containers() { docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$stack_project" "$@"; }

# container SERVICE: its id.
container() { stack_containers --filter "label=com.docker.compose.service=$1"; }

inspected() { docker inspect --format "$2" "$(container "$1")"; }

# Says of each part what Docker has seen of it last, in health.log, which a failure shows.
stack_healthy() {
  # shellcheck disable=SC2016 # Docker's
  stack_containers | xargs docker inspect --format '{{$name := .Name}}{{with .State.Health}}{{.Status}} {{$name}}{{range .Log}} {{.ExitCode}}:{{.Output}}{{end}}{{else}}none {{$name}}{{end}}' >"$session_dir/health.log"
  [[ $(grep -c '^healthy ' "$session_dir/health.log") == $(stack_containers | wc -l) ]]
}

# inside SERVICE COMMAND...: from the same network as that container's, in a container that has bash.
inside() {
  local service=$1
  shift
  docker run --rm --interactive --network "container:$(container "$service")" \
    --label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id" \
    --entrypoint bash "haproxy:$(stack_value HAPROXY_VERSION)" -c "$@"
}

# answers SERVICE: for each line "METHOD HOST:PORT/PATH" of the input the status that comes back before it, or
# "nothing". All at once, for what can't be reached takes its time.
answers() {
  # shellcheck disable=SC2016 # for the bash within
  inside "$1" '
    ask() {
      exec 3<>"/dev/tcp/${2%%:*}/${2##*:}" || return
      printf "%s %s HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" "$1" "$3" >&3
      read -r -t 5 _ status _ <&3 && echo "$status"
    }
    export -f ask
    tell() {
      status=$(timeout 3 bash -c "ask $1 ${2%%/*} \"/${2#*/}\"" 2>/dev/null)
      echo "${status:-nothing} $1 $2"
    }
    while read -r method target; do tell "$method" "$target" & done
    wait'
}

# expect_answers SERVICE: each line of the input is "STATUS METHOD HOST:PORT/PATH".
expect_answers() { expect_told "what $1 gets to hear" answers "$1"; }

# expect_told WHAT COMMAND...: the lines of the input without their first word are told to it, and have to
# come back with that word.
expect_told() {
  local expected found
  expected=$(sort)
  found=$(cut -d ' ' -f 2- <<<"$expected" | "${@:2}" | sort)
  [[ $found == "$expected" ]] || fail "$1, < expected, > found:
$(diff <(echo "$expected") <(echo "$found"))"
}

# proxy_answers VOLUME UID: what the proxy whose socket is in VOLUME answers that user, who has the volume: for
# each line "METHOD PATH [BODY]" of the input the status before it, or "nothing".
proxy_answers() {
  # shellcheck disable=SC2016 # Perl's
  docker run --rm --interactive --network none --user "$2:$2" --volume "${stack_project}_$1:/run/selfheal:ro" \
    --label "selfheal.test-run=$test_run" --label "selfheal.$session_kind=$session_id" \
    --entrypoint perl "haproxy:$(stack_value HAPROXY_VERSION)" -MIO::Socket::UNIX -ne '
      chomp;
      my ($method, $path, $body) = split;
      my $status = "nothing";
      eval {
        local $SIG{ALRM} = sub { die };
        alarm 10;
        my $socket = IO::Socket::UNIX->new(Peer => "/run/selfheal/docker.sock") or die;
        printf $socket "%s %s HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n", $method, $path;
        printf $socket "Content-Type: application/json\r\nContent-Length: %d\r\n", length $body if defined $body;
        print $socket "\r\n", $body // "";
        $status = $1 if <$socket> =~ m{^HTTP/1[.]1 (\d+)};
        alarm 0;
      };
      print "$status $_\n"'
}

# expect_proxy VOLUME UID: each line of the input is "STATUS METHOD PATH [BODY]".
expect_proxy() { expect_told "what user $2 gets to hear of the proxy $1" proxy_answers "$1" "$2"; }

# proxy_socket VOLUME: on the engine's machine.
proxy_socket() { echo "$(docker volume inspect --format '{{.Mountpoint}}' "${stack_project}_$1")/docker.sock"; }

# ---- The sample app of the stack, and what became of it.

# sample_seen_healthy [COUNT]: two apps, unless there are more.
sample_seen_healthy() {
  [[ $(curl -sf -m 2 --data-urlencode 'query=count(selfheal:container_healthy == 1)' "$(url_of prometheus)/api/v1/query" |
    jq -r '.data.result[0].value[1] // empty') == "${1:-2}" ]]
}

app_is_healthy() { curl -sf -m 1 -o /dev/null "$(url_of sample_app)/health"; }

break_sample() { curl -sf -m 5 -o /dev/null -X POST "$(url_of sample_app)/break?mode=$1"; }

incidents() {
  curl -sf -m 5 -H "Authorization: Bearer $(<"$session_dir/stack/secrets/webhook.token")" \
    "$(url_of remediator)/api/v1/incidents" | jq -r "$1"
}

# recovered COUNT: so many times.
recovered() { [[ $(incidents '[.incidents[] | select(.outcome == "recovered")] | length') == "$1" ]]; }

life_of() { inspected "$1" '{{.State.StartedAt}}'; }
