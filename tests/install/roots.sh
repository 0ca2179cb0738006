#!/bin/sh
# roots.sh [SUITE...]: runs both first lines of README.md, packages and all, on fresh roots of Debian releases (bookworm
# and trixie), which take as much as 2 GB each. See root_functions for what else it is told.
#   ROOT_LINES   how many of the two lines: 2
set -eu
cd "$(dirname "$0")/../.."
. tests/install/root_functions

lines=$(first_lines)
[ $# -gt 0 ] || set -- bookworm trixie
for suite; do
  printf '\n---- %s: a root\n' "$suite"
  make_root "$suite" "$suite"
  mkdir "$roots/$suite/wscope"
  git archive HEAD | tar -x -C "$roots/$suite/wscope"
  printf '%s\n' "$lines" | head -n "${ROOT_LINES-2}" | while read -r line; do
    printf '\n---- %s: %s\n' "$suite" "$line"
    inside "$suite" /wscope "$line"
  done
  remove_root "$suite"
done
