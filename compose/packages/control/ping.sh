# shellcheck shell=sh

# Sockets for pings, from now on and not only from the next start of the machine on. By name, so that whatever else an
# administrator has set for it, in a file that comes later, wins as it does then.
allow_pings() {
  [ -d /run/systemd/system ] || return 0
  /lib/systemd/systemd-sysctl --prefix=/net/ipv4/ping_group_range >/dev/null ||
    echo "selfheal-exporter: net.ipv4.ping_group_range can't be set: pings (icmp:) tell nothing" >&2
}
