#!/usr/bin/env bash
# What compose/prepare makes is valid whoever is to be told, leaves what is a person's as it is, and what
# compose/README.md gives to paste works.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/readme/lib.sh
source tests/readme/lib.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
fault() { echo "$*" >&2; status=1; }

# Docker's socket need not be there for this, only a socket; its group is what it is.
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$folder/docker.sock"
printf 'SELFHEAL_DOCKER_SOCKET=%s\nPROMETHEUS_PORT=19090\n' "$folder/docker.sock" >"$folder/.env"
made=$folder/generated/alertmanager/alertmanager.yml

# told SLACK PAGERDUTY URL TOKEN: prepare with these secrets; then what of each the configuration has.
told() {
  local secrets=$folder/secrets
  mkdir -p "$secrets"
  printf %s "$1" >"$secrets/slack.url"
  printf %s "$2" >"$secrets/pagerduty.key"
  printf %s "$4" >"$secrets/deadman.token"
  sed -i '/^SELFHEAL_DEADMAN_URL=/d' "$folder/.env"
  echo "SELFHEAL_DEADMAN_URL=$3" >>"$folder/.env"
  compose/prepare "$folder"
  ${AMTOOL:-amtool} check-config "$made" >"$folder/log" 2>&1 || fault "with $*: $(<"$folder/log")"
  grep -vE '^ *#' "$made" | grep -oE 'slack_configs|pagerduty_configs|deadman.example.net|deadman.token' | sort | uniq -c | xargs
}

expect() { [[ $2 == "$3" ]] || fault "$1: expected '$2', found '$3'"; }

expect 'nobody is told' '' "$(told '' '' '' '')"
expect 'Slack alone' '3 slack_configs' "$(told https://hooks.example.org/x '' '' '')"
expect 'PagerDuty alone' '1 pagerduty_configs' "$(told '' 0123 '' '')"
expect 'both' '1 pagerduty_configs 3 slack_configs' "$(told https://hooks.example.org/x 0123 '' '')"
expect 'a dead man'\''s switch by its address' '1 deadman.example.net' "$(told '' '' https://deadman.example.net/x '')"
expect 'one with a token' '1 deadman.example.net 1 deadman.token' "$(told '' '' https://deadman.example.net/x secret)"
! grep -q '127\.0\.0\.1' "$made" || fault "there is a loopback address in $made"

prometheus=$folder/generated/prometheus/prometheus.yml
mkdir -p "$folder/generated/rules"
cp rules/*.rules.yml "$folder/generated/rules/"
${PROMTOOL:-promtool} check config --lint=all --lint-fatal "$prometheus" >"$folder/log" 2>&1 || fault "$(<"$folder/log")"
expect 'the addresses in prometheus.yml' 'exporter:10115 remediator:10116 127.0.0.1:9090 alertmanager:9093' \
  "$(sed -n "/^scrape_configs/,\$s/.*targets: \['\(.*\)'\].*/\1/p" "$prometheus" | xargs)"

# What a Swarm has of its own: its exporters are found, and triggers for its tasks stay here.
swarm=$folder/generated/swarm/prometheus.yml
mkdir -p "$folder/generated/swarm/rules"
${PROMTOOL:-promtool} check config --lint=all --lint-fatal "$swarm" >"$folder/log" 2>&1 || fault "$(<"$folder/log")"
expect 'what differs on a Swarm' '< - targets: [exporter:10115] > - {names: [tasks.exporter], type: A, port: 10115, refresh_interval: 5s}' \
  "$(diff "$prometheus" "$swarm" | grep -E 'targets|names' | tr -d "'" | xargs)"
task=$(sed -n 's/^ *regex: \(\.+;.*\)/\1/p' "$swarm")
dropped() { grep -qxE "$task" <<<"$1" && echo dropped || echo kept; }
expect 'a trigger for a task of a service' dropped "$(dropped 'restart;shop_web.12.abcdefghijklmnopqrstuvwxy')"
expect 'one for a task of a global service' dropped "$(dropped 'restart;web.abcdefghijklmnopqrstuvwxy.0123456789abcdefghijklmno')"
expect 'one for a container that is none' kept "$(dropped 'restart;shop_web_1')"
expect 'an alert about a task, for people' kept "$(dropped ';web.1.abcdefghijklmnopqrstuvwxy')"
expect 'the same names in the rules' "$task" ".+;$(sed -n 's/.*container=~"\([^"]*\)".*/\1/p' rules/swarm/selfheal-swarm.rules.yml)"
# shellcheck disable=SC1091 # made above
(set -eu; source "$folder/generated/swarm.env") || fault "generated/swarm.env can't be read by a shell"
expect 'names of swarm.yaml that swarm.env lacks' '' "$(comm -13 \
  <(grep -oE '^[A-Z_]+' "$folder/generated/swarm.env" | sort -u) <(grep -oE '\$\{[A-Z_]+' compose/swarm.yaml | cut -c 3- | sort -u))"
# A Swarm takes what was changed by another name only.
prints() { sed -n 's/^SELFHEAL_OF_//p' "$folder/generated/swarm.env"; }
before=$(prints)
echo '# mine' >>"$folder/generated/exporter/exporter.yml"
compose/prepare "$folder"
expect 'what is new to a Swarm after a change of exporter.yml' EXPORTER "$(comm -13 <(sort <<<"$before") <(prints | sort) | cut -d = -f 1)"
expect 'secrets that a Swarm would not take' '' "$(find "$folder/secrets" -empty)"

# Run again it keeps secrets and settings.
token=$(<"$folder/secrets/webhook.token")
echo '# mine' >>"$folder/generated/exporter/exporter.yml"
compose/prepare "$folder"
expect 'the token' "$token" "$(<"$folder/secrets/webhook.token")"
expect 'a port that was set' 'PROMETHEUS_PORT=19090' "$(grep PROMETHEUS_PORT "$folder/.env")"
expect 'the end of exporter.yml' '# mine' "$(tail -n 1 "$folder/generated/exporter/exporter.yml")"
expect 'who may look into the secrets' '700 700' "$(stat -c %a "$folder/secrets" "$folder/generated" | xargs)"
expect 'names that are in .env twice' '' "$(grep -oE '^[A-Z_]+=' "$folder/.env" | sort | uniq -d)"
expect 'names of compose.yaml that env.example lacks' '' "$(comm -13 \
  <(grep -oE '^[A-Z_]+' compose/env.example | sort -u) <(grep -oE '\$\{[A-Z_]+' compose/compose.yaml | cut -c 3- | sort -u))"

# Users come, stay, and go; and a hash is of the password that stands there.
users_of() { grep -oE '^  [a-z]+:' "$folder/generated/web/web.yml" | xargs; }
expect 'who is let in at first' '' "$(users_of)"
compose/prepare --user admin "$folder" >/dev/null
compose/prepare "$folder" >/dev/null
expect 'who is let in' 'admin: selfheal:' "$(users_of)"
${PROMTOOL:-promtool} check web-config "$folder/generated/web/web.yml" >"$folder/log" 2>&1 || fault "$(<"$folder/log")"
hash=$(sed -n 's/^  admin: //p' "$folder/generated/web/web.yml")
expect 'the hash of its password' "$hash" \
  "$(perl -e 'chomp(my $password = <STDIN>); print crypt($password, $ARGV[0])' "$hash" <"$folder/secrets/web.password")"
compose/prepare --user '' "$folder"
expect 'who is let in at the end' '' "$(users_of)"
! compose/prepare --user selfheal "$folder" 2>/dev/null || fault "the parts' own name is given to a person"

# The groups that compose/README.md and rules/README.md give an interval in a Prometheus whose own is another.
expect 'groups without an interval of their own' 'selfheal-machine selfheal-swarm' \
  "$(awk '/^- name:/ {name = $3; groups[name]} /^  interval:/ {delete groups[name]} END {for (name in groups) print name}' \
    rules/*.rules.yml rules/swarm/*.rules.yml | sort | xargs)"

# The snippets: for the Prometheus and the Alertmanager that somebody has.
mkdir "$folder/rules"
cp rules/*.rules.yml "$folder/rules/"
block_of compose/README.md 'job_name: selfheal-exporter' >"$folder/prometheus.yml"
block_of compose/README.md 'regex: replica' >>"$folder/prometheus.yml"
${PROMTOOL:-promtool} check config "$folder/prometheus.yml" >"$folder/log" 2>&1 || fault "for a Prometheus: $(<"$folder/log")"
block_of compose/README.md 'receiver: selfheal-remediator' | sed 's/^route:/route:\n  receiver: theirs/' >"$folder/alertmanager.yml"
echo '  - name: theirs' >>"$folder/alertmanager.yml"
routed() { ${AMTOOL:-amtool} config routes test --config.file="$folder/alertmanager.yml" "$@"; }
expect 'a trigger goes to' selfheal-remediator "$(routed alertname=X remediation=restart)"
expect 'the Watchdog goes to' selfheal-remediator "$(routed alertname=Watchdog)"
expect 'anything else goes to' theirs "$(routed alertname=X)"
exit $status
