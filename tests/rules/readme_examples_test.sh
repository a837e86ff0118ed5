#!/usr/bin/env bash
# The rules that rules/README.md gives as examples work as it says, beside those of selfheal: a hold, a trigger and an
# objective of a user's own. And with runbooks at an address of one's own the tests of the rules pass as before.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

block_of rules/README.md 'name: my-holds' >"$folder/own-1.rules.yml"
block_of rules/README.md 'name: my-triggers' >"$folder/own-2.rules.yml"
block_of rules/README.md 'name: my-objectives' >"$folder/own-3.rules.yml"
${PROMTOOL:-promtool} check rules --lint=all --lint-fatal "$folder"/own-*.rules.yml
cp rules/selfheal-*.rules.yml "$folder"

# The clock begins at midnight: the backup's hour is from 3h to 4h.
cat >"$folder/examples.test.yml" <<'YAML'
rule_files: [selfheal-machine.rules.yml, selfheal-history.rules.yml, own-1.rules.yml, own-2.rules.yml, own-3.rules.yml]
evaluation_interval: 1m
group_eval_order: [selfheal-machine, my-holds, my-triggers, selfheal-history, my-objectives]
tests:
- name: the backup's hour holds the databases, and nothing else
  interval: 1m
  input_series:
  - {series: 'selfheal_container_state{host="h", group="shop/db", container="db", state="running"}', values: '1x300'}
  - {series: 'selfheal_container_state{host="h", group="shop/web", container="web", state="running"}', values: '1x300'}
  - {series: 'selfheal_container_health{host="h", group="shop/db", container="db", status="unhealthy"}', values: '1x300'}
  - {series: 'selfheal_container_health{host="h", group="shop/web", container="web", status="unhealthy"}', values: '1x300'}
  promql_expr_test:
  - {eval_time: 2h59m, expr: 'selfheal:hold'}
  - {eval_time: 2h59m, expr: 'count by (container) (ALERTS{alertstate="firing"})', exp_samples: [
      {labels: '{container="db"}', value: 1}, {labels: '{container="web"}', value: 1}]}
  - {eval_time: 3h30m, expr: 'selfheal:hold', exp_samples: [
      {labels: 'selfheal:hold{host="h", group="shop/db", container="db", reason="backup"}', value: 1}]}
  - {eval_time: 3h30m, expr: 'count by (container) (ALERTS{alertstate="firing"})', exp_samples: [{labels: '{container="web"}', value: 1}]}
  - {eval_time: 4h2m, expr: 'count by (container) (ALERTS{alertstate="firing"})', exp_samples: [
      {labels: '{container="db"}', value: 1}, {labels: '{container="web"}', value: 1}]}
- name: a trigger of one's own is work for the remediator, once for each container, and held like the others
  interval: 1m
  input_series:
  - {series: 'selfheal_container_state{host="h", group="shop/db", container="db", state="running"}', values: '1x300'}
  - {series: 'selfheal_container_state{host="h", group="shop/web", container="web", state="running"}', values: '1x300'}
  - {series: 'my_queue_oldest_seconds{host="h", container="db", queue="a"}', values: '0x9 700x300'}
  - {series: 'my_queue_oldest_seconds{host="h", container="db", queue="b"}', values: '0x9 700x300'}
  - {series: 'my_queue_oldest_seconds{host="h", container="web", queue="a"}', values: '600x300'}
  promql_expr_test:
  - {eval_time: 10m, expr: 'ALERTS{alertstate="firing"}'}
  - {eval_time: 12m, expr: 'ALERTS{alertstate="firing"}', exp_samples: [
      {labels: 'ALERTS{alertname="MyQueueStuck", alertstate="firing", host="h", group="shop/db", container="db", remediation="restart", severity="none"}', value: 1}]}
  - {eval_time: 3h30m, expr: 'ALERTS'}
- name: two containers of a service that are broken ask for its update, and one does not
  interval: 1m
  input_series:
  - {series: 'selfheal_container_state{host="h", group="shop_web", container="web.1", state="running"}', values: '1x30'}
  - {series: 'selfheal_container_state{host="h", group="shop_web", container="web.2", state="running"}', values: '1x30'}
  - {series: 'selfheal_container_health{host="h", group="shop_web", container="web.1", status="unhealthy"}', values: '1x30'}
  - {series: 'selfheal_container_health{host="h", group="shop_web", container="web.2", status="unhealthy"}', values: '0x9 1x20'}
  promql_expr_test:
  - {eval_time: 9m, expr: 'ALERTS{alertname="MyServiceFailing"}'}
  - {eval_time: 12m, expr: 'ALERTS{alertname="MyServiceFailing"}', exp_samples: [
      {labels: 'ALERTS{alertname="MyServiceFailing", alertstate="firing", host="h", group="shop_web", service="shop_web", remediation="service-update", severity="none"}', value: 1}]}
- name: an objective of a group's own takes the place of the default
  interval: 1m
  input_series:
  - {series: 'selfheal_container_state{host="h", group="shop/db", container="db", state="running"}', values: '1x10'}
  - {series: 'selfheal_container_state{host="h", group="shop/web", container="web", state="running"}', values: '1x10'}
  promql_expr_test:
  - {eval_time: 10m, expr: 'selfheal:group_availability_objective:ratio', exp_samples: [
      {labels: 'selfheal:group_availability_objective:ratio{host="h", group="shop/db"}', value: 0.99},
      {labels: 'selfheal:group_availability_objective:ratio{host="h", group="shop/web"}', value: 0.999}]}
YAML
${PROMTOOL:-promtool} test rules "$folder/examples.test.yml"

fail() {
  echo "$*" >&2
  exit 1
}
# shellcheck disable=SC2034 # where run_block leaves what is printed
session_dir=$folder
mkdir -p "$folder/copy/tests"
cp -r rules "$folder/copy"
cp -r tests/rules "$folder/copy/tests"
cd "$folder/copy"
run_block rules/README.md wiki.example
! grep -rn 'https://selfheal\.invalid' rules/*.yml rules/swarm tests || fail "these still lead nowhere"
tests/rules/runbooks_test.sh
${PROMTOOL:-promtool} test rules tests/rules/faults.test.yml
