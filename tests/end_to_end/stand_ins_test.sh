#!/usr/bin/env bash
# compose/images/stand_ins.sh asks a registry for what is only a stand-in, and for nothing that is not. The
# Docker that it speaks to is a stub: the real one can't be given a registry that has these images.
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
  "pull "*) exit "$REGISTRY" ;;
esac
STUB
  chmod +x "$session_dir/bin/docker"
}

# asked REGISTRY'S STATUS: what was pulled and what was built.
asked() {
  : >"$session_dir/asked"
  ASKED=$session_dir/asked REGISTRY=$1 PATH=$session_dir/bin:$PATH compose/images/stand_ins.sh "$session_dir/env" \
    >"$session_dir/stand_ins.log" 2>&1 || fail "stand_ins.sh fails: $(<"$session_dir/stand_ins.log")"
  sed -n -E 's/^pull .* ([^ ]*)$/pull \1/p; s/^build .*--tag ([^ ]*) .*$/build \1/p' "$session_dir/asked" | xargs
}

begin_test
write_stub
printf '%s\n' COMPOSE_PROFILES= HAPROXY_VERSION=1 PROMETHEUS_VERSION=2 ALERTMANAGER_VERSION=3 >"$session_dir/env"
expect_equal "what is asked of a registry that has all" "pull haproxy:1 pull prom/alertmanager:3" "$(asked 0)"
expect_equal "what is done without a registry" "pull haproxy:1 pull prom/alertmanager:3 build prom/alertmanager:3" \
  "$(asked 1)"
shown "what is a stand-in gives way to the original, and is not made twice"
