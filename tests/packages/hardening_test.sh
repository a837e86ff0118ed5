#!/usr/bin/env bash
# The packaged programs are hardened as Debian's own are: what of it shows in a program is looked for there, the rest in
# how it was compiled.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect_in PROGRAM WHAT PATTERN READELF-OPTION: all is read, since readelf takes a reader that goes away for a failure.
expect_in() {
  readelf --wide "$4" "$work/$1" 2>/dev/null | grep -E -e "$3" >/dev/null || fail "$1: $2 is missing"
}

check_program() {
  local program=$1
  expect_in "$program" "a base address of its own at each start (PIE)" 'FLAGS_1.* PIE' --dynamic
  expect_in "$program" "binding at the start (full RELRO)" 'FLAGS_1.* NOW' --dynamic
  expect_in "$program" "the part that is read-only after it (RELRO)" 'GNU_RELRO' --segments
  expect_in "$program" "a stack that is not executed" 'GNU_STACK .* RW ' --segments
  expect_in "$program" "the check of the stack at a function's end" '__stack_chk_fail' --dyn-syms
  expect_in "$program" "checked copies (FORTIFY)" '__mem(cpy|move|set)_chk|__s(n)?printf_chk' --dyn-syms
  [[ $(uname -m) != x86_64 ]] || (($(objdump --disassemble --section=.text "$work/$program" | grep -c endbr64) > 1000)) ||
    fail "$program: where an indirect jump may land is not marked"
  passed "$program: PIE, full RELRO, stack protector, FORTIFY"
}

# What is in no test: those are compiled for speed of compilation.
our_commands() {
  jq -r '.[] | select(.file | test("/(common|exporter|remediator)/") and (test("/tests/") | not)) | .command' \
    "$build_folder/compile_commands.json"
}

check_flags() {
  local flag commands
  commands=$(our_commands)
  (($(wc -l <<<"$commands") > 100)) || fail "these are not all commands: $(wc -l <<<"$commands")"
  for flag in -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
    "$([[ $(uname -m) != x86_64 ]] || echo -fcf-protection)"; do
    ! grep -vqF -e "$flag" <<<"$commands" || fail "not compiled with $flag: $(grep -vF -e "$flag" <<<"$commands" | head -n 1)"
  done
  passed "all of $(wc -l <<<"$commands") files are compiled so"
}

for daemon in "${daemons[@]}"; do
  dpkg-deb --fsys-tarfile "$packages_folder/${daemon}"_*.deb | tar --extract --to-stdout "./usr/bin/$daemon" >"$work/$daemon"
  check_program "$daemon"
done
check_flags
