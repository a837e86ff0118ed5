#!/usr/bin/env bash
# A configuration that is wrong: at the start the daemon says where and ends with status 2, at a reload
# it says so and goes on with what it had.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

# expect_bad_config PROGRAM WHAT-IT-SAYS YAML
expect_bad_config() {
  local program=$1 said=$2 file=$session_dir/bad.yml output status=0
  printf '%s\n' "$3" >"$file"
  output=$(timeout 10 "$program" --config.file "$file" --web.listen-address 127.0.0.1:0 \
    --docker.host "$DOCKER_HOST" 2>&1 >/dev/null) || status=$?
  expect_equal "the exit status of $(basename "$program") with: $3" 2 "$status"
  expect_text "what it says" "$file:$said" "$output"
  timeout 10 "$program" --config.file "$file" --config.check >/dev/null 2>&1 &&
    fail "--config.check lets it pass: $3"
  shown "$(basename "$program"): ${output#"$session_dir/"}"
}

# expect_bad_reload DAEMON GOOD BAD LOG-PATTERN
expect_bad_reload() {
  local daemon=$1 good=$2 bad=$3 file=$session_dir/$1.yml before pid
  before=$(curl -sf -m 5 "$(url_of "$daemon")/config")
  pid=$(process_pid "$daemon")
  expect_metric 1 "$daemon" "selfheal_${daemon}_config_last_reload_successful"
  printf '%s\n' "$bad" >"$file"
  kill -HUP "$pid"
  await_metric 0 "$daemon" "selfheal_${daemon}_config_last_reload_successful"
  expect_log_lines 1 "$daemon" "$4"
  expect_equal "/config after a bad reload" "$before" "$(curl -sf -m 5 "$(url_of "$daemon")/config")"
  alive "$daemon" || fail "$daemon does not live on"
  printf '%s\n' "$good" >"$file"
  kill -HUP "$pid"
  await_metric 1 "$daemon" "selfheal_${daemon}_config_last_reload_successful"
  shown "$daemon keeps what it had after a bad reload, and takes a good one after it"
}

begin_test
expect_bad_config "$exporter_program" "2: defaults.intervall: unknown key" $'defaults:\n  intervall: 1s'
expect_bad_config "$exporter_program" "2: defaults.failure_threshold: expected a whole number" $'defaults:\n  failure_threshold: many'
expect_bad_config "$exporter_program" "1: defaults: expected a mapping" 'defaults: 5s'
expect_bad_config "$exporter_program" "1: targets[0].url: " 'targets: [{name: shop, url: gopher://shop}]'
expect_bad_config "$exporter_program" "1: overrides[0].labels.selfheal.intervall: there is no such label; did you mean selfheal.interval?" \
  'overrides: [{container: web, labels: {selfheal.intervall: 5s}}]'
expect_bad_config "$remediator_program" "2: guards.max_attemps: unknown key" $'guards:\n  max_attemps: 1'
expect_bad_config "$remediator_program" "3: guards.cooldown: " $'guards:\n  max_attempts: 2\n  cooldown: soon'
expect_bad_config "$remediator_program" "1: guards: expected a mapping" 'guards: [1]'
expect_bad_config "$remediator_program" "2: " $'guards: {cooldown: 1s\nlease: {'

output=$("$exporter_program" --config.check --config.file "$repo_root/exporter/selfheal-exporter.example.yml" 2>&1) ||
  fail "the example file is refused: $output"
expect_text "what --config.check says of it" "example.yml: fine, 2 modules of its own, 4 targets, 2 overrides" "$output"
output=$("$remediator_program" --config.check 2>&1) || fail "no file at all is refused: $output"
expect_text "what it comes to" "max_attempts: 3" "$output"
mkdir -p "$session_dir/certs/web1"
touch "$session_dir/certs/web1/"{ca,cert,key}.pem
block_of remediator/README.md 'name: web1' >"$session_dir/hosts.yml"
output=$("$remediator_program" --config.check --config.file "$session_dir/hosts.yml" 2>&1) ||
  fail "the hosts of remediator/README.md are refused: $output"
shown 'what is fine is said to be, with what is in it'

for program in "$exporter_program" "$remediator_program"; do
  status=0
  output=$("$program" --config.check --web.listen-address=10.0.3.0/33:1 2>&1) || status=$?
  expect_equal "what --config.check says of an address to listen on" \
    "2 --web.listen-address 10.0.3.0/33:1: 10.0.3.0/33 is no network; expected one such as 10.0.3.0/24" "$status $output"
done
shown 'and so is a network that is none'

echo 'defaults: {interval: 7s}' >"$session_dir/exporter.yml"
echo 'guards: {cooldown: 7s}' >"$session_dir/remediator.yml"
exporter_config=$session_dir/exporter.yml
remediator_config=$session_dir/remediator.yml
start_lone_exporter
start_lone_remediator
await_ready exporter
await_ready remediator

# A password in it is in no list of processes then.
for name in exporter remediator; do
  program=${name}_program
  SELFHEAL_URL=$(url_of "$name")/ timeout 10 "${!program}" healthcheck || fail "the $name's health by SELFHEAL_URL"
  ! SELFHEAL_URL=http://127.0.0.1:1 timeout 10 "${!program}" healthcheck 2>/dev/null || fail "the $name is healthy wherever it is"
done
shown 'each tells its health, and where it is asked for it says the environment'

expect_bad_reload exporter 'defaults: {interval: 8s}' 'defaults: {interval: [8]}' \
  'level=error .*exporter.yml:1: defaults.interval: expected a duration'
expect_bad_reload remediator 'guards: {cooldown: 8s}' 'guards: {cooldwon: 8s}' \
  'level=error .*remediator.yml:1: guards.cooldwon: unknown key'
