#!/bin/sh
# converse.sh WSCOPE CLIENT: the installed echo server answers the example client.
set -eu
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -r "$folder"' EXIT
mkfifo "$folder/stderr"
"$1" echo 0 2>"$folder/stderr" &
server=$!
read -r line <"$folder/stderr" # Listening on ws://127.0.0.1:PORT/ …
port=${line#*127.0.0.1:}
port=${port%%/*}
[ "$("$2" "$port" 'over and out')" = 'over and out' ]
