#!/bin/bash
# packages.sh [STAGE...]: makes both packages and tries them. It takes root, debootstrap, strace, lintian and unshare, and
# about an hour on two cores. See root_functions for what else it is told.
#   static        the archive: what is in it, what the program needs (no file), what it does in an empty root
#   old           the archive on fresh roots of Debian 11, 12 and 13: README.md's examples
#   deb           the package of this Debian: lintian; installed in a fresh root, README.md's examples, purged
#   reproducible  both, made by two users in two folders: the same bytes
#   other         the .deb of Debian 13, made and tried there; not unless it is asked for
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/install/root_functions
# What others may build with would be another package.
unset LDFLAGS CXXFLAGS CPPFLAGS SOURCE_DATE_EPOCH

for tool in debootstrap lintian strace unshare; do
  command -v "$tool" >/dev/null || fail "there is no $tool here"
done

heading() { printf '\n---- %s\n' "$*"; }

# only FILE...: that it is one file, and its name.
only() {
  [[ $# -eq 1 && -e $1 ]] || fail "not one file: $*"
  printf '%s\n' "$1"
}

archive() { only build/static/packages/*.tar.gz; }
deb() { only build/deb/packages/*.deb; }

# --- the archive

# The C library says that these need its own modules; `static` shows that they are done without.
unexpected_warnings() {
  grep 'warning: ' "$1" |
    grep -v -E "warning: Using '(getaddrinfo|gethostbyname|dlopen)' in statically linked applications requires"
}

build_static() {
  rm -rf build/static/packages build/static/wscope
  cmake --workflow --preset static | tee build/static.log
  if unexpected_warnings build/static.log; then fail "the linker warns of something else"; fi
}

# unpacked: the folder of the archive, unpacked.
unpacked() {
  rm -rf build/static/unpacked
  mkdir build/static/unpacked
  tar -x -f "$(archive)" -C build/static/unpacked
  only build/static/unpacked/*
}

static() {
  build_static
  (cd build/static/packages && sha256sum --check -- *.tar.gz.sha256)
  local folder program name
  folder=$(unpacked)
  [[ $(basename "$folder").tar.gz == "$(basename "$(archive)")" ]] || fail "the folder has another name: $folder"
  for name in wscope README.md LICENSE SBOM.spdx.json licenses/README licenses/libidn2-dev.txt man/man1/wscope.1 \
    completions/{wscope.bash,wscope.fish,_wscope}; do
    [[ -s $folder/$name ]] || fail "the archive has no $name"
  done
  program=$folder/wscope
  heading "what the program needs"
  readelf --wide --file-header "$program" | grep 'Type:.*DYN'
  if readelf --wide --program-headers "$program" | grep INTERP; then fail "it needs a loader"; fi
  if readelf --wide --dynamic "$program" | grep NEEDED; then fail "it needs libraries"; fi
  grep -q "$(sha256sum <"$program" | cut -d ' ' -f 1)" "$folder/SBOM.spdx.json" || fail "the SBOM is of another program"
  grep -h -o '"versionInfo.*\|"name.*' "$folder/SBOM.spdx.json" | paste -d ' ' - - | tail -n +2
  heading "in an empty root"
  unshare --net --mount python3 -B tests/install/empty_root_test.py "$PWD/$program"
}

old() {
  [[ -e build/static/packages ]] || build_static
  local suite folder
  folder=$(unpacked)
  for suite in bullseye bookworm trixie; do
    heading "the archive on $suite"
    make_root "static-$suite" "$suite"
    cp -r "$folder" "$roots/static-$suite/opt/wscope"
    ln -s ../../../opt/wscope/wscope "$roots/static-$suite/usr/local/bin/wscope"
    inside "static-$suite" / 'wscope --version'
    run_lines "static-$suite"
    remove_root "static-$suite"
  done
}

# --- the .deb

# files NAME: all of a root, but what every installation leaves in logs, caches and backups.
files() {
  find "$roots/$1" -mindepth 1 -printf '%P\n' | grep -v -E '^(var/log|var/cache|var/lib/apt|tmp)(/|$)' |
    grep -v -E '^var/lib/dpkg/.*-old$|^etc/.*-$' | LC_ALL=C sort
}

# try_deb ROOT FILE: in a root that has nothing yet.
try_deb() {
  local root=$1 file=$2
  inside "$root" / 'apt-get update -qq'
  files "$root" >"$roots/before"
  cp "$file" "$roots/$root/tmp/wscope.deb"
  inside "$root" / 'DEBIAN_FRONTEND=noninteractive apt-get install -y -qq /tmp/wscope.deb' >"$roots/$root.log" 2>&1 || {
    tail -n 20 "$roots/$root.log"
    exit 1
  }
  inside "$root" / 'wscope --version && dpkg --verify wscope'
  run_lines "$root"
  # apt would keep what came along, ca-certificates for one, if anything else so much as suggests it.
  inside "$root" / 'DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq --auto-remove wscope \
    -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false' \
    >"$roots/$root.log" 2>&1
  files "$root" >"$roots/after"
  diff "$roots/before" "$roots/after" || fail "the package has left something"
}

build_deb() {
  rm -rf build/deb/packages
  cmake --workflow --preset deb
}

deb_here() {
  build_deb
  heading "lintian"
  lintian --fail-on error,warning "$(deb)"
  dpkg-deb --info "$(deb)"
  dpkg-deb --contents "$(deb)"
  if readelf --dynamic build/deb/wscope | grep -E 'RPATH|RUNPATH'; then fail "it has a path to libraries"; fi
  heading "installed, used and purged"
  make_root "deb-$(codename)" "$(codename)"
  try_deb "deb-$(codename)" "$(deb)"
  remove_root "deb-$(codename)"
}

# Made in one root, and tried in another, which has nothing but what the package asks for.
other() {
  heading "the package of trixie"
  make_root build-trixie trixie
  git clone --quiet --no-hardlinks . "$roots/build-trixie/wscope"
  inside build-trixie /wscope 'third_party/install && apt-get install -y -qq git dpkg-dev &&
    git config --global --add safe.directory /wscope && cmake --workflow --preset deb'
  make_root deb-trixie trixie
  try_deb deb-trixie "$(only "$roots"/build-trixie/wscope/build/deb/packages/*.deb)"
  remove_root build-trixie
  remove_root deb-trixie
}

# --- twice the same

# build_clone FOLDER USER UMASK ZONE JOBS: both packages, by somebody else somewhere else.
build_clone() {
  local folder=$1 user=$2 mask=$3 zone=$4 jobs=$5
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  (umask "$mask" && git clone --quiet --no-hardlinks . "$folder")
  chown -R "$user:$user" "$folder"
  for preset in static deb; do
    heading "$preset in $folder: user $user, umask $mask, $zone, -j$jobs"
    (cd "$folder" && umask "$mask" && env -i PATH="$PATH" HOME="$folder/.." TZ="$zone" \
      CMAKE_BUILD_PARALLEL_LEVEL="$jobs" setpriv --reuid="$user" --regid="$user" --clear-groups \
      cmake --workflow --preset "$preset") >"$folder.log" 2>&1 || {
      tail -n 30 "$folder.log"
      return 1
    }
  done
}

reproducible() {
  local one=$roots/one/wscope two=$roots/another/folder/of/wscope differences=0 file
  chmod a+x "$roots"
  build_clone "$one" 0 022 UTC 1
  build_clone "$two" 12345 077 Asia/Kathmandu 4
  while read -r file; do
    if cmp "$one/$file" "$two/$file"; then
      printf 'the same: %s\n' "$file"
    else
      differences=1
      diffoscope "$one/$file" "$two/$file" | head -n 60 || :
    fi
  done < <(cd "$one" && ls build/{static,deb}/wscope build/static/packages/*.tar.gz{,.sha256} build/deb/packages/*.deb)
  ((differences == 0)) || fail "two builds are two programs"
  rm -rf "$roots/one" "$roots/another"
}

mkdir -p "$roots" build
[[ $# -gt 0 ]] || set -- static old deb reproducible
for stage; do
  case $stage in
    static | old | reproducible | other) "$stage" ;;
    deb) deb_here ;;
    *) fail "no stage $stage" ;;
  esac
done
