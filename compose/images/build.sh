#!/usr/bin/env bash
# Makes selfheal's own images: exporter, remediator, sample app.
#
#   compose/images/build.sh [--programs FOLDER] [TAG]     default: the version of env.example
#
# They are built in a container, which takes some minutes. --programs takes what is built already, as
# build/release is; on another system than BASE (debian:bookworm-slim) that would bring other libraries.
set -euo pipefail
# shellcheck source=compose/images/base.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/base.sh"
# shellcheck source=compose/images/stage_root.sh
source "$repo_root/compose/images/stage_root.sh"

readonly base=${BASE:-$default_base}

# What a build needs, and no secret that lies beside it. .dockerignore says the same of a build by hand.
copy_sources() {
  local context=$1
  mkdir -p "$context/compose"
  (cd "$repo_root" && cp -r CMakeLists.txt CMakePresets.json LICENSE common exporter remediator "$context")
  (cd "$repo_root/compose" && cp -r images packages setup sample-app "$context/compose")
}

copy_staged() {
  local context=$1 programs=$2
  mkdir -p "$context/compose"
  cp -r "$repo_root/compose/images" "$context/compose"
  stage_images "$programs" "$context/staged"
}

revision() { git -C "$repo_root" rev-parse HEAD 2>/dev/null || echo unknown; }

# What a stage was made of stays as the cache of the next build. Of programs that were built elsewhere
# there is nothing to spare. Those that go with another are no fault.
forget_stage() {
  docker images --all --quiet --filter "label=build=$1" |
    xargs --no-run-if-empty docker rmi --force >/dev/null 2>&1 || true
}

# A subshell, so that the trap is its own.
build_images() (
  tag=$1 programs=$2 build=
  images=$(env_example SELFHEAL_IMAGES)
  context=$(mktemp -d)
  trap 'rm -rf "$context"; [[ -z $build ]] || forget_stage "$build"' EXIT
  [[ -z $programs ]] || build=$(basename "$context")
  if [[ -n $programs ]]; then copy_staged "$context" "$programs"; else copy_sources "$context"; fi
  for name in exporter remediator sample-app; do
    say "building the image $images/$name:$tag"
    # The classic builder: the newer one is a plug-in that Debian's package does not have.
    DOCKER_BUILDKIT=0 quietly "$context.log" docker build --file "$context/compose/images/Dockerfile" \
      --build-arg "BASE=$base" --build-arg "BUILD=$build" --build-arg "VERSION=$tag" --build-arg "REVISION=$(revision)" \
      --target "$name" --tag "$images/$name:$tag" "$context" || exit 1
    rm -f "$context.log"
  done
)

main() {
  local programs='' tag
  tag=$(env_example SELFHEAL_VERSION)
  if [[ ${1:-} == --programs ]]; then
    programs=$(cd -- "$2" && pwd) || die "no folder $2"
    shift 2
  fi
  ensure_base "$base"
  build_images "${1:-$tag}" "$programs"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then main "$@"; fi
