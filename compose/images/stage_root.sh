# shellcheck shell=bash
# The root of an image that holds one program and what that needs, and nothing else: no shell, no
# package manager, nothing to keep up to date but the image itself.
# Sourced by stage.sh and compose/sample-app/build-image.sh.

# stage_root PROGRAM ROOT: the program at the top, and every library that it is linked with, and the
# loader, where it looks for them.
stage_root() {
  local program=$1 root=$2 library
  mkdir -p "$root"
  strip -o "$root/$(basename "$program")" "$program"
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    strip --strip-unneeded -o "$root$library" "$library"
    chmod 755 "$root$library"
  done
}

# stage_system NAME UID ROOT: what the C library and OpenSSL look for: a user, how names are looked up,
# and the authorities by which certificates are checked.
stage_system() {
  local name=$1 uid=$2 root=$3 authorities=/etc/ssl/certs/ca-certificates.crt
  mkdir -p "$root/etc/ssl/certs" "$root/usr/lib/ssl"
  echo "$name:x:$uid:$uid::/:/none" >"$root/etc/passwd"
  echo "$name:x:$uid:" >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  cp "$authorities" "$root$authorities"
  ln -s "$authorities" "$root/usr/lib/ssl/cert.pem"
}

# stage_images PROGRAMS STAGE: the roots of all of selfheal's images. PROGRAMS is a folder as
# build/release is.
stage_images() {
  local programs=$1 stage=$2
  stage_root "$programs/exporter/selfheal-exporter" "$stage/exporter"
  stage_system selfheal-exporter 10115 "$stage/exporter"
  stage_root "$programs/remediator/selfheal-remediator" "$stage/remediator"
  stage_system selfheal-remediator 10116 "$stage/remediator"
  mkdir -p "$stage/journal/var/lib/selfheal"
  stage_root "$programs/compose/sample-app/sample-app" "$stage/sample-app"
}
