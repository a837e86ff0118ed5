#!/usr/bin/env bash
# Makes the sample app's image from the program that was built, without any registry.
#
#   compose/sample-app/build-image.sh [TAG]      default: selfheal.invalid/sample-app:dev
#   SAMPLE_APP=PATH for another program than build/release/compose/sample-app/sample-app
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../setup/lib.sh"
# shellcheck source=compose/images/stage_root.sh
source "$repo_root/compose/images/stage_root.sh"

build_image() (
  tag=$1
  program=$2
  context=$(mktemp -d)
  trap 'rm -rf "$context"' EXIT
  cp "$repo_root/compose/sample-app/Dockerfile" "$context"
  stage_root "$program" "$context/root"
  # The classic builder: the newer one is a plug-in that Debian's package does not have.
  DOCKER_BUILDKIT=0 quietly "$context/log" docker build --tag "$tag" "$context"
)

main() {
  local tag=${1:-selfheal.invalid/sample-app:dev}
  local program=${SAMPLE_APP:-$repo_root/build/release/compose/sample-app/sample-app}
  [[ -x $program ]] || die "no program at $program; compose/setup/build.sh builds it"
  say "building the image $tag"
  build_image "$tag" "$program"
}

main "$@"
