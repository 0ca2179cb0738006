# Completion of wscope for bash.

# The words of $1 that begin with what was typed.
_wscope_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# The files behind an @. readline takes the @ for a part of the word.
_wscope_files() {
  local file
  while IFS= read -r file; do
    [[ -d $file ]] && file+=/
    COMPREPLY+=("@$(printf %q "$file")")
  done < <(compgen -f -- "$1")
  if [[ ${COMPREPLY[*]} == */ ]]; then compopt -o nospace; fi
}

_wscope_options() {
  local all='-h --help --json -u --user --auth -o --origin -s --subprotocol -H --header --no-compress --cert --key
    --passphrase --tls-min --ciphers --max-size --max-frame --max-header --max-held --handshake-timeout --close-timeout
    --ping-interval --ping-timeout -v --verbose -q --quiet --frames --dump-size --show'
  local streams='-b --binary -t --text --in --out --format -0 --null --commands --color --no-color --json-pretty -P
    --show-ping-pong --no-history --slash'
  local servers='-l --listen --once --max-clients --path --tls --client-ca'
  case $1 in
    connect)
      echo "$all $streams -c --connect --echo --eof -w --wait -x --execute --stdin --count -1 --one --until --host -A
        --user-agent --bearer --cookie -p --protocol-version --protocol --compress --connect-timeout --timeout -4 --ipv4 -6 --ipv6
        --proxy --proxy-user --unix-socket --resolve --connect-to -L --location --max-redirects --reconnect --ca --cacert --capath
        -n --no-check -k --insecure --pin --servername"
      ;;
    listen) echo "$all $streams $servers --echo --broadcast --slow --allow-host" ;;
    echo) echo "$all $servers" ;;
  esac
}

# The value of option $1, of which $2 was typed, behind $3: = or nothing; fails if it takes none there.
_wscope_value() {
  case $1 in
    --eof) _wscope_words 'wait close hold' "$2" ;;
    --in) _wscope_words 'lines nul whole hex base64 json' "$2" ;;
    --out) _wscope_words 'lines nul raw hex base64 json' "$2" ;;
    --format) _wscope_words 'lines nul hex base64 json' "$2" ;;
    --slow) _wscope_words 'drop close' "$2" ;;
    --show) _wscope_words 'sent' "$2" ;;
    --color) _wscope_words 'auto always never' "$2" ;;
    --tls-min) _wscope_words '1.2 1.3' "$2" ;;
    --unix-socket | --ca | --cacert | --cert | --key | --client-ca | --commands)
      mapfile -t COMPREPLY < <(compgen -f -- "$2")
      ;;
    --capath) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    -H | --header | --bearer | --cookie) if [[ $2 == @* ]]; then _wscope_files "${2#@}"; fi ;;
    -c | --connect) _wscope_words echo: "$2" ;;
    -[lwxupsoA] | --listen | --wait | --execute | --count | --until | --subprotocol | --origin | --host | \
      --user-agent | --user | --auth | --protocol-version | --protocol | --compress | --max-size | --max-held | \
      --max-frame | \
      --max-header | --dump-size | --connect-timeout | --handshake-timeout | --close-timeout | --ping-interval | \
      --ping-timeout | --timeout | --max-clients | --allow-host | --path | --ciphers | --proxy | --proxy-user | \
      --resolve | --connect-to | \
      --max-redirects | --pin | --servername) ;;
    --passphrase | --reconnect) [[ $3 ]] ;; # of which a value is in the same word
    *) return 1 ;;
  esac
}

_wscope() {
  local i=$COMP_CWORD current=${COMP_WORDS[COMP_CWORD]} command=connect value first typed
  COMPREPLY=()

  # bash cuts words at = and @: --eof = wait, -H @ file, --header =@ file.
  value=$current
  [[ $value != @(=|@|=@) && ${COMP_WORDS[i - 1]} == @(=|@|=@) ]] && value=${COMP_WORDS[--i]}$value
  _wscope_value "${COMP_WORDS[i - 1]}" "${value#=}" "${value%%[^=]*}" && return

  read -r _ first typed <<<"${COMP_LINE:0:COMP_POINT}"
  case $first in
    connect | listen | echo) command=$first ;;
    curl) ((COMP_CWORD > 1)) && return ;; # whose options are curl's
    *) [[ " $first $typed" =~ \ (-l|--listen[\ =]) ]] && command=listen ;; # as in wscat
  esac
  if [[ $current == -* ]]; then
    ((COMP_CWORD == 1)) && _wscope_words "$(_wscope_options connect) -l --listen -V --version" "$current" && return
    _wscope_words "$(_wscope_options "$command")" "$current"
  elif ((COMP_CWORD == 1)); then
    _wscope_words 'connect listen echo curl echo:' "$current"
  elif [[ $command == connect && $first$typed != *:* ]]; then
    _wscope_words 'echo:' "$current"
  fi
}

complete -F _wscope wscope
