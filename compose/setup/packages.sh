#!/usr/bin/env bash
# Installs what is missing from the distribution's packages.
#
#   compose/setup/packages.sh [--no-install] GROUP...     groups: build run docker images image-build compose
#                                                         packages sbom bare test browser vagrant bench fuzz
#   source compose/setup/packages.sh; ensure_packages GROUP...
#
# For Debian bookworm and trixie. Quiet when all is there. With --no-install (or SELFHEAL_NO_INSTALL=1) it installs nothing, but
# fails and names the command.
set -euo pipefail
# shellcheck source=compose/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# From trixie on, docker.io is the engine alone.
docker_cli_package() {
  # shellcheck source=/dev/null
  if (. /etc/os-release && [[ $ID == debian && ${VERSION_ID:-99} -ge 13 ]]); then echo docker-cli; else echo docker.io; fi
}

# Each entry is PACKAGE or PACKAGE:COMMAND; a COMMAND that is already there, from wherever it came,
# will do. That keeps Debian's docker.io away from a machine with Docker's own packages.
packages_in() {
  case $1 in
    build)
      # dpkg-dev and file are for CPack, which looks by them for the libraries of a package.
      echo g++ cmake:cmake ninja-build:ninja pkg-config dpkg-dev file:file util-linux:flock \
        libcurl4-openssl-dev nlohmann-json3-dev libyaml-cpp-dev libsqlite3-dev libspdlog-dev \
        libcli11-dev libssl-dev libcrypt-dev libre2-dev libc-ares-dev libldns-dev zlib1g-dev libbrotli-dev \
        prometheus-cpp-dev
      ;;
    run)
      echo prometheus:prometheus prometheus-alertmanager:prometheus-alertmanager \
        curl:curl jq:jq procps:ps binutils:strip
      ;;
    docker)
      echo "$(docker_cli_package):docker"
      # With AppArmor in the kernel dockerd starts no container without this.
      if grep -qs Y /sys/module/apparmor/parameters/enabled; then echo apparmor:apparmor_parser; fi
      ;;
    dockerd) echo docker.io:dockerd iptables:iptables iproute2:ip mount:mount ;;
    images) echo debootstrap:debootstrap binutils:strip ;;
    image-build)
      packages_in build
      echo binutils:strip ca-certificates
      ;;
    compose)
      # Compose v2, Docker's plug-in, does as well.
      docker compose version >/dev/null 2>&1 || echo docker-compose:docker-compose
      # What compose/README.md has people type.
      echo curl:curl jq:jq
      ;;
    test)
      echo libgtest-dev libgmock-dev libnghttp2-dev clang-format:clang-format openssl:openssl \
        git:git python3:python3 python3-yaml podman:podman iproute2:ip \
        prometheus-blackbox-exporter:prometheus-blackbox-exporter
      ;;
    browser) echo chromium:chromium ;;
    vagrant) echo vagrant:vagrant ;;
    bare) echo debootstrap:debootstrap ;;
    packages) echo lintian:lintian jq:jq systemd:systemd-analyze man-db:man ;;
    sbom) echo python3:python3 ;; # beside build, whose libraries it tells of
    fuzz) echo clang:clang++ libclang-rt-dev ;;
    bench)
      echo prometheus-blackbox-exporter:prometheus-blackbox-exporter webhook:webhook \
        libbenchmark-dev openssl:openssl iproute2:ip iptables:iptables
      ;;
    *) die "no such group of packages: $1" ;;
  esac
}

is_installed() {
  [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
  local group entry
  for group in "$@"; do
    for entry in $(packages_in "$group"); do
      [[ $entry == *:* ]] && have "${entry#*:}" && continue
      is_installed "${entry%:*}" || echo "${entry%:*}"
    done
  done | sort -u
}

install_packages() {
  local log status=0 options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300)
  log=$(mktemp)
  quietly "$log" as_root apt-get -o DPkg::Lock::Timeout=300 update &&
    quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@" ||
    status=$?
  rm -f "$log"
  ((status == 0)) || die "apt-get could not install: $*"
  leave_services_off "$@"
}

# Where systemd runs, these packages start a service of the same name, at once and with every boot, on the ports that
# people look for ours on. Nobody asked for it: it was a program that was missing.
leave_services_off() {
  local package
  [[ -d /run/systemd/system ]] || return 0
  for package in "$@"; do
    case $package in
      prometheus | prometheus-alertmanager | prometheus-blackbox-exporter | webhook)
        say "switching off the service $package, which came with the package; the program is what is needed"
        as_root systemctl --quiet disable --now "$package" || true
        ;;
    esac
  done
}

ensure_packages() {
  local missing=() command group
  have dpkg-query || die "this sets itself up on Debian and its relatives only; packages: $(
    for group in "$@"; do packages_in "$group"; done | sed 's/:[^ ]*//g' | paste -sd' '
  )"
  for group in "$@"; do packages_in "$group" >/dev/null; done # an unknown one ends it here
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0

  command="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if [[ ${SELFHEAL_NO_INSTALL:-0} == 1 ]]; then
    die "packages are missing, and nothing may be installed; run as root: $command"
  fi
  say "installing from the distribution: ${missing[*]}"
  install_packages "${missing[@]}"
}

packages_main() {
  if [[ ${1:-} == --no-install ]]; then
    export SELFHEAL_NO_INSTALL=1
    shift
  fi
  (($# > 0)) || die "usage: ${BASH_SOURCE[0]} [--no-install] GROUP..."
  ensure_packages "$@"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then packages_main "$@"; fi
