# shellcheck shell=bash
# The timeline as a table: when it was broken, and each step in seconds from then.

readonly table_steps=(probe alert webhook restart healthy)
readonly table_widths=(-5 12 12 9 9 9 9 9) # negative: aligned to the left
readonly table_head_1=(mode "broken at" "first failed" alert webhook restart healthy total)
readonly table_head_2=("" "" probe firing accepted issued again "")

clock_of() { date -d "@$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))" +%T.%3N; }

# table_rule LEFT MIDDLE RIGHT
table_rule() {
  local width dashes line=
  for width in "${table_widths[@]}"; do
    printf -v dashes '%*s' $((${width#-} + 2)) ''
    line+=${dashes// /─}$2
  done
  printf '%s%s%s\n' "$1" "${line%"$2"}" "$3"
}

# table_row CELL...: the cells are ASCII, for printf counts bytes.
table_row() {
  local width
  for width in "${table_widths[@]}"; do
    printf '│ %*s ' "$width" "${1:-}"
    shift
  done
  printf '│\n'
}

mode_row() {
  local mode=$1 step seconds cells=()
  for step in "${table_steps[@]}"; do
    seconds=$(seconds_since_break "$mode" "$step")
    cells+=("${seconds:+$(printf '%+.3f s' "$seconds")}")
  done
  table_row "$mode" "$(clock_of "${at[$mode.broken]}")" "${cells[@]}" \
    "$(seconds_since_break "$mode" healthy) s"
}

print_table() {
  local mode
  printf '\n'
  table_rule ┌ ┬ ┐
  table_row "${table_head_1[@]}"
  table_row "${table_head_2[@]}"
  table_rule ├ ┼ ┤
  for mode in "$@"; do mode_row "$mode"; done
  table_rule └ ┴ ┘
  printf '\n'
}
