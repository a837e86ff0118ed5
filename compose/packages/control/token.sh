# shellcheck shell=sh

# What only Alertmanager may know, so that nobody else can have a container restarted. Made once.
ensure_token() {
  token_file=/etc/selfheal/webhook.token
  [ ! -e "$token_file" ] || return 0
  mkdir -p /etc/selfheal
  (umask 077 && head -c 24 /dev/urandom | base64 >"$token_file.new")
  # Debian's Alertmanager runs as prometheus, and has to read it.
  if getent group prometheus >/dev/null; then
    chgrp prometheus "$token_file.new"
    chmod 640 "$token_file.new"
  fi
  mv "$token_file.new" "$token_file"
}
