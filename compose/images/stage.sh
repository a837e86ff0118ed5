#!/usr/bin/env bash
# The first stage of the Dockerfile: builds selfheal in a bare base image, and stages what goes into the
# images in /stage. What build.sh has staged already is taken as it is.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

if [[ -d staged ]]; then
  mv staged /stage
else
  # shellcheck source=compose/setup/build.sh
  source compose/setup/build.sh
  # shellcheck source=compose/images/stage_root.sh
  source compose/images/stage_root.sh
  ensure_packages image-build
  build_release selfheal-exporter selfheal-remediator sample-app
  stage_images build/release /stage
fi
