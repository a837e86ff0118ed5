# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for tests/bare/run and machine.sh
# What is typed, and what has to be seen then.
# Sourced by tests/bare/run.

check_parts() {
  local part
  for part in "${parts[@]}"; do
    case $part in
      demo | stack | tests | tests=?*) ;;
      *) die "unknown part: $part (see --help)" ;;
    esac
  done
}

run_part() {
  started=$SECONDS
  case $1 in
    demo) run_demo ;;
    stack) run_stack ;;
    tests) run_tests '' ;;
    tests=*) run_tests "${1#tests=}" ;;
  esac
}

expect_said() { grep -q -- "$1" "$log" || fail "\"$1\" was not said: $log"; }

containers_there() { in_system docker ps --all --quiet 2>/dev/null | wc -l; }

run_demo() {
  local left
  typed_block 5400 README.md compose/demo
  expect_said "every recovery came through Alertmanager and the remediator"
  [[ $(containers_there) == 0 ]] || fail "the demo leaves containers behind"
  left=$(in_system ps -eo comm= | { grep -E '^(prometheus|alertmanager|selfheal)' || true; } | xargs)
  [[ -z $left ]] || fail "the demo leaves processes behind: $left"
  passed "the demo healed its app in three ways, and left nothing"
}

# run_tests REGEX: all without one.
run_tests() {
  local command arguments=''
  command=$(read_block README.md tests/run) || fail "there are no such commands in README.md"
  case $1 in
    '') ;;
    L:*) arguments=" -L '${1#L:}'" ;;
    *) arguments=" -R '$1'" ;;
  esac
  typed 14400 "$command$arguments"
  expect_said "100% tests passed"
  [[ $(containers_there) == 0 ]] || fail "the tests leave containers behind"
  passed "$(grep -a 'tests passed' "$log" | tr -d '\r')"
  sed -n '/^The following tests did not run/,$p' "$log" | tr -d '\r'
}

# ---- compose/README.md

walk() { typed_block "$1" compose/README.md "$2"; }

all_healthy() {
  local states
  states=$(in_system docker ps --all --format '{{.Status}}') || return 1
  [[ -n $states ]] && ! grep -qv '(healthy)' <<<"$states"
}

page_says() { in_system curl -sf -m 5 -H "Authorization: Bearer $(in_system cat "$home/compose/secrets/webhook.token")" "$1" | grep -q -- "$2"; }

await() {
  local seconds=$1 what=$2
  shift 2
  wait_until "$seconds" "$@" && return 0
  in_system docker ps --all >&2
  fail "not after $seconds s: $what"
}

run_stack() {
  walk 1800 compose/setup/docker.sh
  walk 5400 compose/images/stand_ins.sh
  await 180 "every part is healthy" all_healthy
  passed "the stack is up, and every part says that it is healthy"
  walk 300 '--profile sample up'
  await 180 "the sample apps are healthy" all_healthy
  walk 60 "curl -X POST"
  await 120 "the dry run says what would have been done" \
    page_says http://localhost:10116/metrics 'selfheal_remediator_decisions_total{.*reason="dry_run".*} [1-9]'
  passed "in the dry run it was decided, and not done"
  walk 300 "sed -i 's/^SELFHEAL_DRY_RUN=.*/SELFHEAL_DRY_RUN=false/' compose/.env
docker-compose -f compose/compose.yaml up -d"
  await 180 "the sample app is healed, and proven to be" page_says http://localhost:10116/api/v1/incidents '"recovered"'
  in_system curl -sf -m 5 -o /dev/null http://localhost:8080/health || fail "the sample app does not answer"
  walk 60 '/selfheal-remediator incidents'
  expect_said recovered
  passed "the sample app is healed, for real"
  typed 300 'docker-compose -f compose/compose.yaml --profile sample --profile grafana down --volumes'
  [[ $(containers_there) == 0 ]] || fail "the stack leaves containers behind"
}
