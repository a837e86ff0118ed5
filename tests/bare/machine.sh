# shellcheck shell=bash
# shellcheck disable=SC2154 # of tests/bare/run
# A machine of its own for a stranger: a bare Debian in a container that may do what an engine needs, with nothing of
# this machine but its kernel, its network's way out, and the mirror that its apt uses.
# Sourced by tests/bare/run.

readonly home=/root/selfheal log_folder=$repo_root/build/bare/logs
log=
started=$SECONDS # of what passed() tells

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

passed() { printf '  * %s (%d s)\n' "$*" "$((SECONDS - started))"; }

# In memory it has to be said that programs may be run from there.
machine_storage() {
  if $in_memory; then
    printf '%s\n' --tmpfs "$home:exec,suid,dev,size=3g,mode=755" --tmpfs /var/lib/docker:exec,suid,dev,size=4g
  else
    # Docker's layers can't lie on top of another Docker's.
    printf '%s\n' --volume /var/lib/docker
  fi
}

# As much as an engine needs, and not --privileged: that wants what this machine's own engine may not have.
machine_arguments() {
  printf '%s\n' --hostname "bare-$suite" --device-cgroup-rule 'a *:* rwm'
  printf -- '--cap-add\n%s\n' NET_ADMIN SYS_PTRACE SYS_NICE
  # As on any Debian there is a ::1.
  printf '%s\n' --sysctl net.ipv6.conf.all.disable_ipv6=0
  machine_storage
  [[ $init != systemd ]] || printf -- '--tmpfs\n%s\n' /run /run/lock /tmp:exec
  [[ -z $ccache_folder ]] || printf '%s\n' --volume "$ccache_folder:/ccache" --env CCACHE_DIR=/ccache \
    --env CMAKE_CXX_COMPILER_LAUNCHER=ccache --env "CCACHE_BASEDIR=$home" --env CCACHE_NOHASHDIR=1 \
    --env CCACHE_SLOPPINESS=pch_defines,time_macros
}

# Without an init system the first process has to bury the dead. An engine writes to /sys, which Docker forbids.
first_process() {
  echo 'mount -o remount,rw /sys'
  if [[ $init == systemd ]]; then echo 'exec /sbin/init'; else echo "exec bash -c 'sleep infinity & wait'"; fi
}

start_machine() {
  local arguments=()
  ensure_bare "$suite" || fail "there is no bare $suite"
  mapfile -t arguments < <(machine_arguments)
  system=$(run_bare_system "$suite" "$(first_process)" "${arguments[@]}") || fail "Docker does not run the bare system"
  [[ $init != systemd ]] || wait_until 60 is_up || fail "systemd does not come up in the container"
}

install_git() {
  in_system apt-get -qq update >/dev/null || fail "the bare system reaches no mirror"
  in_system apt-get -qq --yes --no-install-recommends install git ${ccache_folder:+ccache} >/dev/null 2>&1 ||
    fail "apt-get does not install git"
}

# git, and what is committed here: a bundle is a clone's source like any other.
put_clone() {
  [[ -z $(git status --porcelain --untracked-files=no) ]] || say "what is not committed here is not tried"
  in_system git --version >/dev/null 2>&1 || install_git
  git bundle create --quiet - HEAD | docker exec --interactive "$system" sh -c 'cat >/root/selfheal.bundle'
  if in_system test -d "$home/.git"; then
    in_system sh -c "cd $home && git fetch --quiet /root/selfheal.bundle HEAD && git reset --quiet --hard FETCH_HEAD"
  else
    in_system git -c advice.detachedHead=false -c init.defaultBranch=main clone --quiet /root/selfheal.bundle "$home"
  fi || fail "it can't be cloned"
  mkdir -p "$log_folder"
  passed "a bare $suite ($init as its init) with git and a clone is up"
}

# typed SECONDS COMMANDS: as a person would, in the clone, at a terminal, until the first that fails. What it said is in
# $log, whose end is shown when it fails.
typed() {
  local seconds=$1 commands=$2 status=0
  log=$log_folder/$suite-$(date +%H%M%S).log
  printf '    %s\n' "${commands//$'\n'/$'\n'    }"
  printf '%s\n' "$commands" >"$log"
  timeout "$seconds" docker exec --tty --workdir "$home" --env TERM=xterm --env LANG=C.UTF-8 ${werror:+--env "SELFHEAL_WERROR=$werror"} "$system" \
    bash -lc "set -e; $commands" >>"$log" 2>&1 </dev/null || status=$?
  ((status == 0)) && return 0
  tail -n 60 "$log" >&2
  fail "$(if ((status == 124)); then echo "not done after $seconds s"; else echo "status $status"; fi), the whole output is in $log: $commands"
}

# read_block FILE TEXT: the block of commands of FILE that has TEXT in it, and no other has. By this machine's python3,
# for the bare one has none.
read_block() { python3 -B tests/readme/blocks.py show "$1" "$2"; }

# typed_block SECONDS FILE TEXT
typed_block() {
  local commands
  commands=$(read_block "$2" "$3") || fail "there are no such commands in $2"
  typed "$1" "$commands"
}

end_machine() {
  trap '' INT TERM
  [[ -n $system ]] || return 0
  if $keep; then
    say "the system is left; look around by: docker exec -it -w $home $system bash -l
    end it by: docker rm --force --volumes $system"
    export SELFHEAL_TEST_RUN=none # whose leftovers are removed
  else
    docker rm --force --volumes "$system" >/dev/null
  fi
}
