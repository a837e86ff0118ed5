# shellcheck shell=bash
# A minimal Debian in a folder, made by debootstrap from the mirror that this machine's apt uses. The mirror stands
# nowhere but in what is made.
# Sourced by bare.sh and ../images/base.sh, after packages.sh.

# The address of Debian's main archive as apt has it; empty where it has none.
debian_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | head -n 1
}

# A new folder to bootstrap in: with room, and where devices may be made, which in trixie's /tmp they may not.
bootstrap_folder() { mktemp -d -p "${TMPDIR:-/var/tmp}"; }

# What this machine's apt has been told of its mirror: one that was frozen is of no use to a system that minds its age.
mirror_options() { apt-config dump Acquire::Check-Valid-Until Acquire::Check-Date; }

# bootstrap_debian SUITE FOLDER [PACKAGE...]: into FOLDER, with those packages too; without the archives that it was
# made of.
bootstrap_debian() {
  local suite=$1 folder=$2 mirror
  shift 2
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || {
    echo "apt knows no mirror of Debian's: none is in its sources, or apt-get update was never run"
    return 1
  }
  as_root debootstrap --variant=minbase ${1:+"--include=$(IFS=,; echo "$*")"} \
    "$suite" "$folder" "$mirror" &&
    as_root sh -c "rm -f '$folder'/var/cache/apt/archives/*.deb; cat >'$folder/etc/apt/apt.conf.d/00mirror'" < <(mirror_options)
}
