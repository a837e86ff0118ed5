#!/usr/bin/env bash
# compose/images/stand_ins.sh asks a registry for what is only a stand-in, and for nothing that is not; it makes one, and
# leaves Grafana out, only where none is reached. The Docker that it speaks to is a stub: the real one can't be given a
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
  "image inspect "*) echo "$*" | grep -qE " ($ORIGINALS)\$" && echo "Upstream's" ;;
  "pull "*)
    echo "$REGISTRY_SAYS" >&2
    exit "$REGISTRY"
    ;;
esac
STUB
  chmod +x "$session_dir/bin/docker"
}

export ORIGINALS='prom/prometheus:2|debian:.*' # what is there

# stand_ins REGISTRY'S STATUS [WHAT IT SAYS]: its output is in stand_ins.log.
stand_ins() {
  : >"$session_dir/asked"
  ASKED=$session_dir/asked REGISTRY=$1 REGISTRY_SAYS=${2:-} PATH=$session_dir/bin:$PATH compose/images/stand_ins.sh "$session_dir/env" \
    >"$session_dir/stand_ins.log" 2>&1
}

# What was pulled and what was built.
done_then() { sed -n -E 's/^pull .* ([^ ]*)$/pull \1/p; s/^build .*--tag ([^ ]*) .*$/build \1/p' "$session_dir/asked" | xargs; }

# asked REGISTRY'S STATUS [WHAT IT SAYS]: what was done then.
asked() {
  stand_ins "$@" || fail "stand_ins.sh fails: $(<"$session_dir/stand_ins.log")"
  done_then
}

# The registry, or this machine, gives nothing: no stand-in takes the name.
refused() {
  ! stand_ins 1 "$1" || fail "stand_ins.sh does not mind: $1"
  expect_equal "what is done after: $1" "$2" "$(done_then)"
  expect_text "what is said" "$3 can't be pulled: $1" "$(<"$session_dir/stand_ins.log")"
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
readonly registry='Error response from daemon: Get "https://registry.example/v2/":'
readonly unreached=("$registry dial tcp: lookup registry.example on 192.0.2.1:53: no such host"
  "$registry dial tcp: lookup registry.example: Try again" "$registry context deadline exceeded"
  "$registry net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"
  "$registry net/http: TLS handshake timeout" "$registry EOF" "$registry Forbidden")
readonly others=('Error response from daemon: toomanyrequests: You have reached your pull rate limit.'
  'Error response from daemon: write /var/lib/docker/tmp/x: no space left on device'
  'Error response from daemon: manifest for x:3 not found: manifest unknown' 'unexpected EOF' 'nobody knows')
for fault in "${unreached[@]}"; do
  expect_equal "what is done after: $fault" "pull haproxy:1 pull prom/alertmanager:3 build prom/alertmanager:3" "$(asked 1 "$fault")"
  expect_text "why there is a stand-in" "prom/alertmanager:3 can't be pulled ($fault)" "$(<"$session_dir/stand_ins.log")"
done
shown "what is a stand-in gives way to the original, and is not made twice"

for fault in "${others[@]}"; do
  refused "$fault" "pull haproxy:1 pull prom/alertmanager:3" prom/alertmanager:3
done
shown "what a registry or this machine has against a pull makes no stand-in under somebody else's name"

base_refused() {
  ! ASKED=$session_dir/asked ORIGINALS=none REGISTRY=1 REGISTRY_SAYS=$1 PATH=$session_dir/bin:$PATH compose/images/base.sh \
    >"$session_dir/base.log" 2>&1 || fail "base.sh does not mind: $1"
  expect_text "what is said" "debian:bookworm-slim can't be pulled: $1" "$(<"$session_dir/base.log")"
}
for fault in "${others[@]}"; do base_refused "$fault"; done
shown "nor a base image"

ORIGINALS='prom/.*' # so that Grafana is all that is asked for, and the stand-in that stays
echo GRAFANA_VERSION=4 >>"$session_dir/env"
for fault in "${others[@]}"; do
  expect_equal "the profiles after: $fault" grafana,sample "$(profiles_after "$fault")"
  expect_text "what is said" "$fault" "$(<"$session_dir/stand_ins.log")"
done
for fault in "${unreached[@]}"; do
  expect_equal "the profiles after: $fault" sample "$(profiles_after "$fault")"
  expect_text "what is said" "To have it later: COMPOSE_PROFILES=grafana in $session_dir/env" "$(<"$session_dir/stand_ins.log")"
done
shown "Grafana is left out where no registry is reached, and only there"
