#!/bin/sh
# converse.sh CLIENT SERVER...: the example client gets its text back from an echo server, which says where it listens.
set -eu
client=$1
shift
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || :; rm -r "$folder"' EXIT
mkfifo "$folder/stderr"
"$@" 2>"$folder/stderr" &
server=$!
read -r line <"$folder/stderr" # Listening on ws://127.0.0.1:PORT/ …
port=${line#*127.0.0.1:}
port=${port%%/*}
[ "$("$client" "$port" 'over and out')" = 'over and out' ]
