#!/usr/bin/env bash
# Builds civetweb as a static library from the distribution's own source package.
#
#   common/http/civetweb/build.sh PREFIX      (the CMake build looks in build/civetweb)
#
# The distribution's binary package can't be used: see README.md beside this file.
# Run again it does nothing; two at once wait for each other. Changes nothing outside PREFIX.
set -euo pipefail

readonly self="${BASH_SOURCE[0]}"
addition=$(dirname -- "$self")/connection_socket.inl # README.md
readonly addition newest_suite=sid

# What our server relies on. CivetWeb.cmake checks the outcome, not this list.
readonly cmake_options=(
  -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_POSITION_INDEPENDENT_CODE=ON
  -DCMAKE_INSTALL_LIBDIR=lib
  -DBUILD_SHARED_LIBS=OFF
  -DCIVETWEB_BUILD_TESTING=OFF
  -DCIVETWEB_ENABLE_SERVER_EXECUTABLE=OFF
  -DCIVETWEB_INSTALL_EXECUTABLE=OFF
  -DCIVETWEB_ENABLE_ASAN=OFF
  -DCIVETWEB_ENABLE_SSL_DYNAMIC_LOADING=OFF # run-time loading crashes with OpenSSL 3
  -DCIVETWEB_ENABLE_IPV6=ON
  -DCIVETWEB_SERVE_NO_FILES=ON
  -DCIVETWEB_DISABLE_CGI=ON
  -DCIVETWEB_THREAD_STACK_SIZE=0 # the system's default: 100 KiB overflow under C++ handlers
)

die() {
  printf 'civetweb: %s\n' "$*" >&2
  exit 1
}

require_tools() {
  local tool missing=()
  for tool in apt-get cmake ninja cc dpkg-source dpkg-buildflags flock sha256sum; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) ||
    die "not found: ${missing[*]}; compose/setup/build.sh installs what a build needs"
}

# The repository that offers the binary package also has its source: "URI SUITE COMPONENT".
find_repository() {
  apt-cache madison libcivetweb-dev |
    awk -F' *[|] *' '$3 ~ / Packages$/ {
      n = split($3, part, " "); slash = match(part[2], "/[^/]*$")
      print part[1], substr(part[2], 1, slash - 1), substr(part[2], slash + 1)
      exit
    }'
}

# The keyrings that the machine's own configuration names for that repository, if it names any.
signed_by() {
  local uri=$1 suite=$2 entry
  # shellcheck disable=SC2016 # apt expands these
  entry=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(SOURCESENTRY)' |
    awk -v uri="$uri" -v suite="$suite" '$1 == uri && $2 == suite {print $3; exit}')
  entry=${entry%:*}
  [[ -r $entry ]] || return 0
  { grep -oE '/[^][ ,"]+\.(gpg|asc|pgp)' "$entry" || true; } | sort -u | paste -sd,
}

# source_line URI SUITE COMPONENT
source_line() {
  local keyrings
  keyrings=$(signed_by "$1" "$2")
  printf 'deb-src %s%s %s %s\n' "${keyrings:+[signed-by=$keyrings] }" "$1" "$2" "$3"
}

locate_repository() {
  local repository
  repository=$(find_repository)
  if [[ -z $repository && $(id -u) == 0 ]]; then
    apt-get -qq update
    repository=$(find_repository)
  fi
  [[ -n $repository ]] ||
    die "apt knows no package libcivetweb-dev; run 'apt-get update' as root and try again"
  echo "$repository"
}

# download FOLDER SOURCE_LINE: in an apt root of our own, so that the system's sources and lists stay as they are.
download() {
  local folder=$1 apt_options
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
  printf '%s\n' "$2" >"$folder/apt/sources.list"
  apt_options=(
    -qq
    -o "Dir::Etc::SourceList=$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt"
    -o "APT::Sandbox::User=$(id -un)" -o Acquire::Retries=3
  )
  apt-get "${apt_options[@]}" update &&
    (cd "$folder" && apt-get "${apt_options[@]}" --download-only source civetweb)
}

# The machine's own suite's, which gets security updates; where the mirror lacks what its index names, the newest one's.
fetch_source() {
  local work=$1 repository uri suite component line from=own
  repository=$(locate_repository)
  read -r uri suite component <<<"$repository"
  line=$(source_line "$uri" "$suite" "$component")
  download "$work/own" "$line" || {
    from=newest
    echo "civetweb: the source of $suite can't be had; taking that of $newest_suite" >&3
    download "$work/newest" "${line/ $suite / $newest_suite }"
  }
  dpkg-source --extract "$work/$from"/civetweb_*.dsc "$work/source" >/dev/null
  cat "$addition" >>"$work/source/src/civetweb.c"
}

compile() {
  local work=$1 prefix=$2
  # Its threads look whether to stop when a poll ends: after 2 s, unless told otherwise; and they
  # share one gmtime(), unless told otherwise.
  CFLAGS="$(dpkg-buildflags --get CFLAGS) -DSOCKET_TIMEOUT_QUANTUM=100 -DREENTRANT_TIME" CPPFLAGS=$(dpkg-buildflags --get CPPFLAGS) \
    cmake -S "$work/source" -B "$work/build" -G Ninja \
    "${cmake_options[@]}" -DCMAKE_INSTALL_PREFIX="$prefix"
  cmake --build "$work/build"
  rm -rf "${prefix:?}/lib" "${prefix:?}/include"
  cmake --install "$work/build"
}

# Quiet unless it fails; a subshell, so that the trap is its own.
build_into() (
  prefix=$1
  work=$(mktemp -d)
  exec 3>&2
  trap '(($? == 0)) || cat "$work/log" >&3; rm -rf "$work"' EXIT
  exec >"$work/log" 2>&1
  fetch_source "$work"
  compile "$work" "$prefix"
)

main() {
  if (($# != 1)) || [[ $1 == -* ]]; then die "usage: $self PREFIX"; fi
  local prefix recipe stamp
  prefix=$(realpath -m -- "$1")
  recipe=$(cat "$self" "$addition" | sha256sum)
  stamp=$prefix/.built-by

  require_tools
  mkdir -p "$prefix"
  exec 9>"$prefix/.lock"
  flock 9
  [[ -f $stamp && $(<"$stamp") == "$recipe" && -f $prefix/lib/libcivetweb.a ]] && return 0

  rm -f "$stamp"
  echo "civetweb: building it from the distribution's source package" >&2
  build_into "$prefix"
  printf '%s\n' "$recipe" >"$stamp"
}

main "$@"
