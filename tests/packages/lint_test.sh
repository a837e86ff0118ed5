#!/usr/bin/env bash
# The packages are as Debian wants them: lintian has nothing to say, the units are shut off from the rest of the
# machine, the man pages render, the completion completes.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

readonly highest_exposure=2.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unpack() { dpkg-deb --extract "$packages_folder/$1"_*.deb "$work/$1"; }

check_lintian() {
  lintian --allow-root --fail-on error,warning "$packages_folder"/*.deb || fail "lintian objects, see above"
  passed "lintian has nothing to say"
}

# The contact is what this build was given, in the control file and in the change log.
check_contact() {
  local wanted package
  wanted=$(sed -n 's/^SELFHEAL_PACKAGE_CONTACT:STRING=//p' "$build_folder/CMakeCache.txt")
  for package in "${daemons[@]}" selfheal-rules; do
    [[ $(dpkg-deb --field "$packages_folder/$package"_*.deb Maintainer) == "$wanted" ]] || fail "$package: not of $wanted"
    zcat "$work/$package/usr/share/doc/$package/changelog.gz" | grep -qF " -- $wanted  " ||
      fail "$package: its change log is not signed by $wanted"
  done
  passed "the packages are of: $wanted"
}

# exposure_of UNIT: its score, from 0 (shut off) to 10.
exposure_of() {
  systemd-analyze security --offline=true --no-pager "$1" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'
}

check_unit() {
  local unit=$work/$1/usr/lib/systemd/system/$1.service score
  score=$(exposure_of "$unit")
  [[ -n $score ]] || fail "systemd-analyze says nothing about $unit"
  awk -v score="$score" -v highest="$highest_exposure" 'BEGIN {exit !(score < highest)}' ||
    fail "$1: an exposure of $score, to be below $highest_exposure"
  passed "$1.service: exposure $score"
}

check_man_page() {
  local page=$work/$1/usr/share/man/man1/$1.1.gz complaints flag
  complaints=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=100 man --warnings -l -Tutf8 "$page" 2>&1 >"$work/page")
  [[ -z $complaints ]] || fail "$1(1): $complaints"
  col -b <"$work/page" >"$work/text" 2>/dev/null || sed 's/.\x08//g' "$work/page" >"$work/text"
  while read -r flag; do
    grep -qF -e "$flag" "$work/text" || fail "$1(1) does not tell of $flag"
  done < <("$work/$1/usr/bin/$1" --help | grep -oE -e '--[a-z.-]+')
  passed "$1(1) renders, and has every flag of --help"
}

# completed WORD...: what is offered for the last one.
completed() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  # shellcheck disable=SC2317 # called by the completion
  compopt() { :; } # only there while bash completes
  "_${1//-/_}"
  echo "${COMPREPLY[*]}"
}

# expect_completed WANTED WORD...
expect_completed() {
  local wanted=$1 got
  shift
  got=$(completed "$@")
  [[ " $got " == *" $wanted "* ]] || fail "completing '$*': no '$wanted' among '$got'"
}

check_completion() {
  local program
  for program in "${daemons[@]}"; do
    # shellcheck disable=SC1090 # made
    source "$work/$program/usr/share/bash-completion/completions/$program"
  done
  for program in "${daemons[@]}"; do
    expect_completed --web.listen-address= "$program" --web.li
    expect_completed --dry-run selfheal-remediator explain --dry
    expect_completed debug "$program" --log.level = ''
    expect_completed json "$program" --log.format js
    (cd "$work" && expect_completed text "$program" --config.file = te)
  done
  expect_completed incidents selfheal-remediator in
  expect_completed verifying selfheal-remediator incidents --state ve
  [[ -z $(completed selfheal-remediator --prometheus.url = ht) ]] || fail "URLs are made up"
  passed "bash completes commands, flags, values and files"
}

# What stands in /usr/share works from there.
check_rules() {
  local shared=$work/selfheal-rules/usr/share/selfheal
  promtool check rules "$shared"/rules/*.rules.yml >/dev/null || fail "the packaged rules do not load"
  "$shared/rules/backtest" --help >/dev/null || fail "the packaged backtest does not run"
  passed "the packaged rules load, and backtest runs"
}

# What a release tells of what is in it. Newer releases have some libraries with t64 behind their names.
check_sbom() {
  local part
  cp "$packages_folder"/*.deb "$work"
  "$repo_root/compose/packages/sbom" "$work"/*.deb || fail "no SBOM can be made"
  for part in libssl3 libcurl4 civetweb nlohmann-json3-dev; do
    jq -e --arg part "$part" '.spdxVersion == "SPDX-2.3" and
      ([.packages[] | select((.name == $part or .name == $part + "t64") and .versionInfo != "") | .SPDXID] - [.relationships[].relatedSpdxElement] == [])
      and ([.packages[] | select(.name == $part or .name == $part + "t64")] | length == 1)' "$work"/selfheal-remediator_*.spdx.json >/dev/null ||
      fail "the SBOM does not tell of $part"
  done
  passed "the SBOM tells of libraries, headers and civetweb"
}

(ensure_packages packages) || skip "lintian or systemd-analyze can't be had"
for package in "${daemons[@]}" selfheal-rules; do unpack "$package"; done
check_lintian
check_contact
for daemon in "${daemons[@]}"; do
  check_unit "$daemon"
  check_man_page "$daemon"
done
check_completion
check_rules
check_sbom
