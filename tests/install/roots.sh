#!/bin/sh
# roots.sh [SUITE...]: runs both first lines of README.md, packages and all, on fresh roots of Debian releases (bookworm
# and trixie). Root, debootstrap and unshare are needed, and as much as 2 GB for each root.
#   MIRROR       where packages come from: what this system's apt uses
#   ROOTS        the folder for the roots and the packages that were downloaded: build/roots
#   ROOT_LINES   how many of the two lines: 2
set -eu
cd "$(dirname "$0")/../.."

mirror=${MIRROR-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' |
  head -n 1)}
roots=${ROOTS-$PWD/build/roots}
count=${ROOT_LINES-2}
[ -n "$mirror" ] || { echo "roots.sh: apt knows no mirror of Debian; name one: MIRROR=URL" >&2; exit 1; }
[ $# -gt 0 ] || set -- bookworm trixie
mkdir -p "$roots/packages"

# In a namespace of its own, so that nothing stays mounted and no process is left, however this ends.
inside() {
  unshare --mount --pid --fork --kill-child sh -eu -c '
    mount --make-rprivate /
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -c "cd /wscope && $2"' sh "$@"
}

for suite; do
  root=$roots/$suite
  printf '\n---- %s: a root\n' "$suite"
  rm -rf "$root"
  debootstrap --variant=minbase --cache-dir="$roots/packages" "$suite" "$root" "$mirror" >"$roots/$suite.log" 2>&1 ||
    { tail -n 20 "$roots/$suite.log"; exit 1; }
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/00acquire"
  cp /etc/hosts /etc/resolv.conf "$root/etc/"
  mkdir "$root/wscope"
  git archive HEAD | tar -x -C "$root/wscope"
  # The two lines in README.md that begin with the installation.
  sed -n 's/^ \{4\}\(third_party\/install.*\)/\1/p' README.md >"$roots/lines"
  [ "$(wc -l <"$roots/lines")" -eq 2 ] || { echo "roots.sh: README.md has not the two lines" >&2; exit 1; }
  head -n "$count" "$roots/lines" | while read -r line; do
    printf '\n---- %s: %s\n' "$suite" "$line"
    inside "$root" "$line" </dev/null
  done
  rm -rf "$root"
done
