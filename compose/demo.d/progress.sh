# shellcheck shell=bash
# One line that says what is being waited for: moving on a terminal, else a line for each news.

progress_frame=0
progress_shown=

# progress NEWS [DETAIL]: to be called often. DETAIL, which may change all the time, is for
# terminals only.
progress() {
  local frames='|/-\' line
  if [[ -t 1 ]]; then
    line="  ${frames:progress_frame++%4:1} $1 ${2:-}"
    # A line that wraps can't be drawn over.
    printf '\r\033[K%s' "${line:0:${COLUMNS:-80}-1}"
    progress_shown=$1
  elif [[ $1 != "$progress_shown" ]]; then
    progress_shown=$1
    printf '    %s\n' "$1"
  fi
}

# progress_done TEXT: the line stays.
progress_done() {
  progress_end
  printf '  * %s\n' "$1"
}

# Leaves no half line behind.
progress_end() {
  if [[ -t 1 && -n $progress_shown ]]; then printf '\r\033[K'; fi
  progress_shown=
}
