#!/usr/bin/env bash
# The life of the packages on a bare system with systemd as its init, in a container: installed, started as the
# units say, upgraded, removed, purged. Docker, which they speak to, is this machine's.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/packages/system.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/system.sh"
# shellcheck source=tests/readme/lib.sh
source "$repo_root/tests/readme/lib.sh"

readonly next_version=9.9.9
readonly token_file=/etc/selfheal/webhook.token

# next_packages FOLDER: the same ones with a higher version.
next_packages() {
  local package tree
  mkdir -p "$1"
  for package in "$packages_folder"/*.deb; do
    tree=$(mktemp -d -p "$work")
    dpkg-deb --raw-extract "$package" "$tree"
    sed -i "s/^Version: .*/Version: $next_version/" "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group --build "$tree" "$1" >/dev/null
  done
}

# install_packages_of FOLDER: as compose/packages/README.md tells an administrator, who says yes.
install_packages_of() {
  in_system rm -rf /srv/build
  in_system mkdir -p /srv/build/release/packages
  docker cp "$1/." "$system:/srv/build/release/packages/" >/dev/null
  (cd "$repo_root" && run_block compose/packages/README.md 'apt-get install' \
    -e "s|apt-get install \(.*\)|in_system sh -c 'cd /srv \&\& apt-get -qq --yes --no-install-recommends install \1'|") || {
    readme_output >&2
    exit 1
  }
}

main_pid() { in_system systemctl show --property MainPID --value "$1"; }

# As a user that there is only while it runs: a number in no file.
runs_unprivileged() {
  local uid
  uid=$(in_system stat --format %u "/proc/$(main_pid "$1")")
  ((uid >= 61184 && uid <= 65519)) && ! in_system grep -q ":$uid:" /etc/passwd
}

expect_running() {
  local daemon
  wait_until 30 answers 10115 /-/healthy 200 || fail "$1: the exporter does not answer"
  wait_until 30 answers 10116 /-/healthy 200 || fail "$1: the remediator does not answer"
  wait_until 30 connected || fail "$1: the exporter does not reach Docker's socket"
  for daemon in "${daemons[@]}"; do
    in_system systemctl --quiet is-active "$daemon" || fail "$1: $daemon is not active"
    in_system systemctl --quiet is-enabled "$daemon" || fail "$1: $daemon is not enabled"
    runs_unprivileged "$daemon" || fail "$1: $daemon does not run as a user of its own"
  done
  passed "$1: both run as the units say, and reach Docker"
}

expect_token() {
  local token
  [[ $(in_system stat --format '%a %U' $token_file) == '600 root' ]] || fail "others may read $token_file"
  token=$(in_system cat $token_file)
  ((${#token} >= 32)) || fail "the token is short: ${#token} characters"
  answers 10116 /api/v1/alerts 401 --data '{}' || fail "the webhook takes what has no token"
  in_system selfheal-remediator --webhook.token-file $token_file pause --reason test >/dev/null ||
    fail "the token is not taken"
  passed "the webhook has a token of its own"
}

# What is installed heals nothing yet, and is reached from this machine alone.
expect_cautious() {
  local address port
  [[ $(in_system curl -sf -m 5 http://127.0.0.1:10116/) == *'Dry run'* ]] || fail "the remediator does not begin with a dry run"
  address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$system")
  for port in 10115 10116; do
    ! in_system curl -s -m 5 -o /dev/null "http://$address:$port/-/healthy" || fail "port $port is open to other machines"
  done
  passed "nothing is done before somebody says so, and nobody else reaches either"
}

pings() { in_system curl -s -m 5 'http://127.0.0.1:10115/probe?module=icmp&target=127.0.0.1' | grep -q '^probe_success 1$'; }

expect_pings() {
  wait_until 10 pings || fail "it can't ping: the range of groups is $(in_system cat /proc/sys/net/ipv4/ping_group_range)"
  passed "an icmp: probe passes, by no more than the kernel's leave"
}

# What an administrator has set survives, and what was written down is still known.
upgrade() {
  local before before_token
  in_system sed -i 's/^#SELFHEAL_LOG_LEVEL=.*/SELFHEAL_LOG_LEVEL=warn/' /etc/default/selfheal-exporter
  before=$(main_pid selfheal-exporter)-$(main_pid selfheal-remediator)
  before_token=$(in_system cat $token_file)
  install_packages_of "$work/next"
  expect_running "upgraded"
  [[ $before != "$(main_pid selfheal-exporter)-"* && $before != *"-$(main_pid selfheal-remediator)" ]] ||
    fail "an old daemon still runs after the upgrade"
  in_system grep -q '^SELFHEAL_LOG_LEVEL=warn' /etc/default/selfheal-exporter || fail "a changed conffile was replaced"
  [[ $(in_system cat $token_file) == "$before_token" ]] || fail "the upgrade made another token"
  [[ $(metric 10116 'selfheal_remediator_paused{scope="all"') == 1 ]] || fail "the journal was lost in the upgrade"
  passed "the upgrade kept settings, token and journal"
}

# What comes back after a failure: systemd, not somebody.
expect_restarted() {
  local before
  before=$(main_pid selfheal-exporter)
  in_system kill -9 "$before"
  exporter_is_back() { [[ $(main_pid selfheal-exporter) != "$before" ]] && connected; }
  wait_until 30 exporter_is_back || fail "the exporter did not come back after SIGKILL"
  passed "killed, it comes back"
}

remove() {
  in_system apt-get -qq --yes remove "${daemons[@]}" selfheal-rules >/dev/null || fail "can't be removed"
  ! in_system pgrep -f /usr/bin/selfheal >/dev/null || fail "a daemon runs on after its removal"
  in_system test -f /etc/default/selfheal-exporter || fail "a removal takes the settings along"
  in_system test -f /var/lib/private/selfheal/journal.db || fail "a removal takes the journal along"
  passed "removed: stopped, settings and journal stay"
}

purge() {
  local left
  in_system apt-get -qq --yes purge "${daemons[@]}" selfheal-rules >/dev/null || fail "can't be purged"
  left=$(in_system find / -xdev -name '*selfheal*' -not -path '/proc/*' -not -path '/srv/*' \
    -not -path '/sys/*' -not -path '/var/log/*' -not -path '/run/*')
  [[ -z $left ]] || fail "a purge leaves behind: $left"
  passed "purged: nothing is left"
}

begin_system
session_dir=$work # where lib.sh of tests/readme leaves what it has seen
next_packages "$work/next"
# As Debian 12's kernel begins; in its containers Docker lets everybody ping.
in_system sh -c 'echo 1 0 >/proc/sys/net/ipv4/ping_group_range'
install_packages_of "$packages_folder"
expect_running "installed"
expect_cautious
expect_pings
expect_token
expect_restarted
upgrade
remove
purge
