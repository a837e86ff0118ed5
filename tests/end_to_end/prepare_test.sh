#!/usr/bin/env bash
# compose/prepare, as a person's shell and words may be: what it makes can be read by containers and says
# what was said.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

unreadable_in() { find "$@" -not -perm -o=r -print; }

begin_test
# An engine of another kind, as far as prepare asks; the rest is the real one's.
mkdir "$session_dir/bin"
cat >"$session_dir/bin/docker" <<'STUB'
#!/bin/sh
case "$1" in
  info) echo "[name=seccomp,profile=default name=$ENGINE]" ;;
  *) PATH=${PATH#*:} exec docker "$@" ;;
esac
STUB
chmod +x "$session_dir/bin/docker"

# told_of ENGINE FOLDER: what prepare says of it.
told_of() { ENGINE=$1 PATH=$session_dir/bin:$PATH compose/prepare "$2" 2>&1; }

# What sed would take for its own.
folder="$session_dir/a&b"
url='https://deadman.example.org/a?b=1&c=\1|d='
(umask 077 && compose/prepare "$folder") || fail "prepare fails"
expect_equal "what containers can't read" "" "$(unreadable_in "$folder"/generated/*/ "$folder"/secrets/*)"
expect_equal "who may read what is not for containers" "600 700 700" \
  "$(stat --format %a "$folder/.env" "$folder/secrets" "$folder/generated" | xargs)"
expect_equal "where the files are" "$folder" "$(sed -n 's/^SELFHEAL_FILES=//p' "$folder/.env")"
shown "a umask of 077 makes no file unreadable"

printf 'SELFHEAL_DEADMAN_URL=%s\n' "$url" >>"$folder/.env"
compose/prepare "$folder" || fail "prepare fails the second time"
expect_equal "what Alertmanager is to call" "      - url: $url" \
  "$(grep -F deadman.example.org "$folder/generated/alertmanager/alertmanager.yml")"
# shellcheck source=/dev/null
expect_equal "what a Swarm is told of it" "$url" "$(. "$folder/generated/swarm.env" && echo "$SELFHEAL_DEADMAN_URL")"
shown "and an address comes through as it is"

# images_after NAME: where the stack's own images are, after .env had that.
images_after() {
  sed -i "s|^SELFHEAL_IMAGES=.*|SELFHEAL_IMAGES=$1|" "$folder/.env"
  compose/prepare "$folder"
  sed -n 's/^SELFHEAL_IMAGES=//p' "$folder/.env"
}
expect_equal "where the images of a new .env are" selfheal.invalid "$(sed -n 's/^SELFHEAL_IMAGES=//p' "$folder/.env")"
expect_equal "where they are by a name that anybody may have" selfheal.invalid "$(images_after selfheal)"
expect_equal "where they are by a registry's name" registry.example.org/selfheal "$(images_after registry.example.org/selfheal)"
expect_equal "where they are without .env" selfheal.invalid \
  "$(grep -hoE '[$][{]SELFHEAL_IMAGES:-[^}]*' compose/*.yaml | sed 's/.*:-//' | sort -u)"
shown "no stranger has the name of the stack's own images"

# value NAME: what .env has of it. set_value NAME VALUE
value() { sed -n "s|^$1=||p" "$folder/.env"; }
set_value() { sed -i "s|^$1=.*|$1=$2|" "$folder/.env"; }
expect_equal "where people reach the remediator at first" http://localhost:10116 "$(value REMEDIATOR_EXTERNAL_URL)"
set_value SELFHEAL_HOST box.example.org
set_value PROMETHEUS_PORT 19090
set_value ALERTMANAGER_EXTERNAL_URL https://alerts.example.org
compose/prepare "$folder" || fail "prepare fails with another name of the machine"
expect_equal "where people reach the three then" \
  "http://box.example.org:10116 http://box.example.org:19090 https://alerts.example.org" \
  "$(value REMEDIATOR_EXTERNAL_URL) $(value PROMETHEUS_EXTERNAL_URL) $(value ALERTMANAGER_EXTERNAL_URL)"
expect_equal "addresses without .env" "http://localhost:10116 http://localhost:9090 http://localhost:9093" \
  "$(grep -ohE '[$][{][A-Z]+_EXTERNAL_URL:-[^}]*' compose/compose.yaml | sed 's/.*:-//' | xargs)"
shown "links follow the machine's name and the ports, and leave an address of one's own"

set_value SELFHEAL_VERSION 0.0.9
expect_text "what is said of an older version" "SELFHEAL_VERSION=0.0.9" "$(told_of cgroupns "$folder")"
set_value SELFHEAL_VERSION "$(sed -n 's/^SELFHEAL_VERSION=//p' compose/env.example)"
shown "a version that is not this checkout's is told"

expect_equal "what is said of a usual engine" "" "$(told_of cgroupns "$folder")"
expect_text "what is said of a rootless one" SELFHEAL_SOCKET_USER=0 "$(told_of rootless "$folder")"
expect_text "what is said of users that are mapped" userns-remap "$(told_of userns "$folder")"
expect_text "what is said of SELinux" SELinux "$(told_of selinux "$folder")"
sed -i s/^SELFHEAL_SOCKET_USER=.*/SELFHEAL_SOCKET_USER=0/ "$folder/.env"
expect_equal "what is said of a rootless one that was told to the stack" "" "$(told_of rootless "$folder")"
shown "an engine that the stack is not made for is told"

mkdir "$session_dir/tree"
cp -r compose rules prometheus alertmanager grafana-dashboards "$session_dir/tree"
# Of people's own: a job that asks for nothing, one that logs in as somebody else, another Alertmanager.
cat >>"$session_dir/tree/prometheus/prometheus.yml" <<'YAML'

  - job_name: node
    static_configs:
      - targets: ['127.0.0.1:9100']

  - job_name: other
    basic_auth: {username: somebody, password: else}
    static_configs:
      - targets: ['127.0.0.1:9200']
YAML
sed -i "/^  alertmanagers:/a\\    - static_configs:\n        - targets: ['elsewhere:9093']" "$session_dir/tree/prometheus/prometheus.yml"
"$session_dir/tree/compose/prepare" "$session_dir/other" || fail "prepare fails"
expect_equal "before what the parts' password stands" \
  "alertmanager:9093 exporter:10115 remediator:10116 127.0.0.1:9090 alertmanager:9093" \
  "$(sed -n "/username: selfheal/,/targets:/s/.*targets: \['\(.*\)'\]/\1/p" "$session_dir/other/generated/prometheus/prometheus.yml" | xargs)"
promtool check config --syntax-only "$session_dir/other/generated/prometheus/prometheus.yml" >"$session_dir/promtool.log" 2>&1 ||
  fail "Prometheus does not take it: $(<"$session_dir/promtool.log")"
shown "Prometheus tells the parts' password to the parts, and to nobody else that it scrapes"

chmod o-r "$session_dir/tree/compose/proxies/act.cfg"
! said=$("$session_dir/tree/compose/prepare" "$session_dir/other" 2>&1) || fail "prepare takes a file that no proxy can read"
expect_text "what it says of a file that no proxy can read" "proxies/act.cfg" "$said"
shown "what is mounted as it is has to be readable"
