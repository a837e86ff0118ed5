#!/usr/bin/env bash
# For machines that no image registry answers: makes what compose.yaml takes from others from the
# distribution's packages, under the names and tags that it asks for. What is there already stays what it
# is, unless it is a stand-in and a registry answers today. Where one is reached and gives nothing (too many
# requests, say), nothing is made: this fails, and says why.
#
#   compose/images/stand_ins.sh [ENV FILE]     default: compose/.env, else compose/env.example
#
# The packages have versions of their own, Debian's, whatever the tag that they borrow says. Grafana is no
# package of Debian's; where no registry is reached at all it is left out, and COMPOSE_PROFILES in ENV FILE says so then.
set -euo pipefail
# shellcheck source=compose/images/base.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/base.sh"

readonly images=$repo_root/compose/images

setting() { env_value "$1" "$env_file"; }

is_original() {
  local made
  made=$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.description"}}' "$1" 2>/dev/null) &&
    [[ $made != 'A stand-in from packages' ]]
}

# A registry that is waited for in vain is not waited for again.
registry_silent=0
pulled() {
  local since=$SECONDS
  ((registry_silent == 0)) || return 1
  if image_pulled "$1"; then return 0; fi
  ((SECONDS - since < 5)) || ! no_registry_reached || registry_silent=1
  return 1
}

# A folder with nothing in it to send to Docker; a subshell, so that the trap is its own.
build_stand_in() (
  target=$1 image=$2
  context=$(mktemp -d)
  trap 'rm -rf "$context" "$context.log"' EXIT
  DOCKER_BUILDKIT=0 quietly "$context.log" docker build --file "$images/stand-ins.Dockerfile" \
    --build-arg "BASE=$default_base" --target "$target" --tag "$image" "$context"
)

stand_in() {
  local target=$1 image=$2
  if is_original "$image" || pulled "$image" || image_is_there "$image"; then return 0; fi
  stand_in_is_due "$image"
  say "$image can't be pulled ($pull_fault): making a stand-in from the distribution's packages"
  ensure_base "$default_base"
  build_stand_in "$target" "$image"
}

# Only where it is asked for.
leave_grafana_out() {
  local image
  [[ $(setting COMPOSE_PROFILES) == *grafana* ]] || return 0
  image=grafana/grafana:$(setting GRAFANA_VERSION)
  if is_original "$image" || pulled "$image"; then return 0; fi
  say "$image can't be pulled ($pull_fault), and the distribution has no package of it"
  if ! no_registry_reached; then
    say "Grafana is not there yet, and stays in $env_file: run this again, or take it out of COMPOSE_PROFILES there"
    return 0
  fi
  say "Grafana is left out. To have it later: COMPOSE_PROFILES=grafana in ${env_file/env.example/.env}, and this again"
  [[ $env_file == */env.example ]] ||
    sed -i '/^COMPOSE_PROFILES=/{s/grafana//;s/,,*/,/;s/=,/=/;s/,$//}' "$env_file"
}

env_file=${1:-$repo_root/compose/.env}
[[ -e $env_file ]] || env_file=$repo_root/compose/env.example
stand_in haproxy "haproxy:$(setting HAPROXY_VERSION)"
stand_in prometheus "prom/prometheus:$(setting PROMETHEUS_VERSION)"
stand_in alertmanager "prom/alertmanager:$(setting ALERTMANAGER_VERSION)"
leave_grafana_out
