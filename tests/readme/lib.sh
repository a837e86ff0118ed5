# shellcheck shell=bash
# shellcheck disable=SC2154 # of end_to_end/lib/session.sh
# What takes commands and configuration out of the Markdown files, so that what a test executes is what they say.
# blocks.py says how a block is named; references.py, which calls it looks for: with FILE and TEXT as they are.

readme_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# block_of FILE TEXT
block_of() { python3 -B "$readme_folder/blocks.py" show "$1" "$2"; }

# run_text COMMANDS: in this folder, as a person would who stops at the first that fails; in a shell of its own, in which
# there are this one's functions. Leaves what they print in readme.log and the status in readme_status: in a condition
# bash would go on after a command that fails.
readme_status=
run_text() {
  set +e
  (
    set -e
    shopt -s expand_aliases
    eval "$1"
  ) >"$session_dir/readme.log" 2>&1
  readme_status=$?
  set -e
}

# run_block FILE TEXT [ARGUMENT of sed...]: what sed changes are the names that the file leaves open, as CONTAINER, and
# what is the test's own.
run_block() {
  local file=$1 block
  block=$(block_of "$file" "$2") || fail "there are no such commands in $file"
  shift 2
  block=$(sed -e '' "$@" <<<"$block")
  run_text "$block"
  ((readme_status == 0)) || fail "these commands of $file fail:
$block"
}

# start_block FILE TEXT [ARGUMENT of sed...]: each command is a process of the session's, under the name of its program.
start_block() {
  local file=$1 text=$2 command name
  shift 2
  block_of "$file" "$text" >/dev/null || fail "there are no such commands in $file"
  while IFS= read -r -d '' command; do
    name=${command%%[[:space:]]*}
    start_process "${name##*/}" bash -c "exec $(sed -e '' "$@" <<<"$command")"
  done < <(python3 -B "$readme_folder/blocks.py" commands "$file" "$text")
}

readme_output() { cat "$session_dir/readme.log"; }

# copy_tree FOLDER: as a clone of it would be, with what is not committed yet, and without what was built.
copy_tree() {
  mkdir -p "$1"
  (cd "$repo_root" && git ls-files -z --cached --others --exclude-standard |
    tar --null --files-from=- --create --ignore-failed-read --file=-) | tar --extract --no-same-owner --directory "$1"
}
