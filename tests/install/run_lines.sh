#!/bin/sh
# run_lines.sh README LINES: runs the examples of LINES that README has, of which there must be ten, with the wscope on
# the PATH, in a network of its own. Prints each with how long it took.
set -eu
readme=$1
lines=$2
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || :; rm -r "$folder"' EXIT

wscope echo -q 8080 &
server=$!
cd "$folder"
printf 'one\ntwo\n' >lines.txt
printf '\377\330\377\340\000\020JFIF\000' >photo.jpg
until wscope -q -x ready --one :8080 >/dev/null 2>&1; do
  kill -0 "$server" # else it will never be
  sleep 0.1
done

count=0
tab=$(printf '\t')
while IFS=$tab read -r line wanted; do
  case $line in '#'* | '') continue ;; esac
  grep -q -F -e "    $line" "$readme" || continue
  begin=$(date +%s%N)
  sh -c "$line" >out 2>err </dev/null && status=0 || status=$?
  printf '%6d ms  %s\n' $((($(date +%s%N) - begin) / 1000000)) "$line"
  out=$(tr '\000' @ <out)
  pattern=$(printf %b. "$wanted" | sed '$s/[.]$//')
  # shellcheck disable=SC2254 # a pattern
  case $out in
    $pattern) count=$((count + 1)) ;;
    *)
      printf 'printed, with status %s:\n%s\n' "$status" "$out"
      cat err
      exit 1
      ;;
  esac
done <"$lines"
if [ "$count" -lt 10 ]; then
  echo "run_lines.sh: README.md has only $count of the examples of tests/install/lines"
  exit 1
fi
