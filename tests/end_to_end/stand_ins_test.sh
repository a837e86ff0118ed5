#!/usr/bin/env bash
# compose/images/stand_ins.sh asks a registry for what is only a stand-in, and for nothing that is not, and leaves
# Grafana out only where none is reached. The Docker that it speaks to is a stub: the real one can't be given a
# registry that has these images.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"

write_stub() {
  mkdir "$session_dir/bin"
  cat >"$session_dir/bin/docker" <<'STUB'
#!/bin/sh
echo "$*" >>"$ASKED"
case "$1 $2 $*" in
  "image inspect "*haproxy*) echo 'A stand-in from packages' ;;
  "image inspect "*prometheus* | "image inspect "*debian*) echo "Upstream's" ;;
  "image inspect "*) exit 1 ;;
  "pull "*)
    echo "$REGISTRY_SAYS" >&2
    exit "$REGISTRY"
    ;;
esac
STUB
  chmod +x "$session_dir/bin/docker"
}

# asked REGISTRY'S STATUS [WHAT IT SAYS]: what was pulled and what was built.
asked() {
  : >"$session_dir/asked"
  ASKED=$session_dir/asked REGISTRY=$1 REGISTRY_SAYS=${2:-} PATH=$session_dir/bin:$PATH compose/images/stand_ins.sh "$session_dir/env" \
    >"$session_dir/stand_ins.log" 2>&1 || fail "stand_ins.sh fails: $(<"$session_dir/stand_ins.log")"
  sed -n -E 's/^pull .* ([^ ]*)$/pull \1/p; s/^build .*--tag ([^ ]*) .*$/build \1/p' "$session_dir/asked" | xargs
}

# profiles_after WHAT THE REGISTRY SAYS: what of grafana,sample is left in .env.
profiles_after() {
  sed -i '/^COMPOSE_PROFILES=/s/=.*/=grafana,sample/' "$session_dir/env"
  asked 1 "$1" >/dev/null
  sed -n 's/^COMPOSE_PROFILES=//p' "$session_dir/env"
}

begin_test
write_stub
printf '%s\n' COMPOSE_PROFILES= HAPROXY_VERSION=1 PROMETHEUS_VERSION=2 ALERTMANAGER_VERSION=3 >"$session_dir/env"
expect_equal "what is asked of a registry that has all" "pull haproxy:1 pull prom/alertmanager:3" "$(asked 0)"
expect_equal "what is done without a registry" "pull haproxy:1 pull prom/alertmanager:3 build prom/alertmanager:3" \
  "$(asked 1)"
expect_text "why there is a stand-in" "prom/alertmanager:3 can't be pulled (nobody knows)" \
  "$(asked 1 "nobody knows" >/dev/null && cat "$session_dir/stand_ins.log")"
shown "what is a stand-in gives way to the original, and is not made twice"

echo GRAFANA_VERSION=4 >>"$session_dir/env"
for fault in 'toomanyrequests: You have reached your pull rate limit.' 'write /var/lib/docker/tmp/x: no space left on device' \
  'manifest for grafana/grafana:4 not found: manifest unknown'; do
  expect_equal "the profiles after: $fault" grafana,sample "$(profiles_after "Error response from daemon: $fault")"
  expect_text "what is said" "$fault" "$(<"$session_dir/stand_ins.log")"
done
for fault in 'dial tcp: lookup registry.example on 192.0.2.1:53: no such host' \
  'context deadline exceeded' 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)'; do
  expect_equal "the profiles after: $fault" sample "$(profiles_after "Error response from daemon: Get \"https://registry.example/v2/\": $fault")"
  expect_text "what is said" "To have it later: COMPOSE_PROFILES=grafana in $session_dir/env" "$(<"$session_dir/stand_ins.log")"
done
shown "Grafana is left out where no registry is reached, and only there"
