#!/bin/bash
# newcomer.sh: the way of somebody who has an empty Debian: README.md's two lines; then, on another one, the .deb and ten
# of README.md's examples. Prints how long each step took. See root_functions for what else it is told.
#   ROOT_LINES   how many of the two lines: 2
#   DEB          the package: that of build/deb, which is made if it is not there
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/install/root_functions

begin=$SECONDS
times=()

# step NAME COMMAND...
step() {
  local name=$1 from=$SECONDS
  shift
  printf '\n---- %s\n' "$name"
  "$@"
  times+=("$(printf '%3d:%02d  %s' $(((SECONDS - from) / 60)) $(((SECONDS - from) % 60)) "$name")")
}

deb=${DEB-}
if [[ -z $deb ]]; then
  compgen -G 'build/deb/packages/*.deb' >/dev/null || (unset LDFLAGS && cmake --workflow --preset deb)
  deb=$(ls -t build/deb/packages/*.deb | head -n 1)
  begin=$SECONDS
fi
suite=$(codename)

step "an empty Debian ($suite)" make_root newcomer "$suite"
mkdir "$roots/newcomer/wscope"
git archive HEAD | tar -x -C "$roots/newcomer/wscope"
lines=$(first_lines | head -n "${ROOT_LINES-2}")
while read -r line; do
  step "$line" inside newcomer /wscope "$line"
done <<<"$lines"
remove_root newcomer

step "another empty Debian" make_root newcomer "$suite"
cp "$deb" "$roots/newcomer/tmp/wscope.deb"
step "apt-get install ./$(basename "$deb")" inside newcomer /tmp \
  'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ./wscope.deb'
step "the examples" run_lines newcomer
remove_root newcomer

printf '\n'
printf '%s\n' "${times[@]}"
printf '%3d:%02d  total\n' $(((SECONDS - begin) / 60)) $(((SECONDS - begin) % 60))
