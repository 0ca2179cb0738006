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

# From here on made by tests/lint/options.py of src/cli/option_table.h.
_wscope_options() {
  case $1 in
    connect)
      echo '-h --help -c --connect -b --binary -t --text --echo --eof -w --wait -x --execute --every --rate --stdin
        --no-stdin --count -1 --one --until --until-json --expect --expect-timeout --lockstep --reply --select --pick
        --only --for --exec --exec-mode --exec-format --pty --exec-stderr --exec-env --exec-dir --exec-max --kill-after
        --in --out --format --json -0 --null --keep-newline --escape --timestamps -H --header -s --subprotocol -o
        --origin --host -A --user-agent -u --user --auth --bearer --cookie -p --protocol-version --protocol -4 --ipv4 -6
        --ipv6 --proxy --proxy-user --unix-socket --resolve --connect-to -L --location --max-redirects --reconnect --ca
        --cacert --capath -n -k --no-check --insecure --pin --servername --cert --key --passphrase --tls-min --ciphers
        --no-compress --compress --compress-level --max-size --max-frame --max-header --max-held --connect-timeout
        --handshake-timeout --close-timeout --ping-interval --ping-timeout --timeout -v --verbose -q --quiet --frames
        --dump-size --show --write-out --commands --color --no-color --json-pretty -P --show-ping-pong --stay
        --no-history --slash'
      ;;
    listen)
      echo '-h --help -l --listen --echo --broadcast --www --www-list --relay --relay-file --idle --slow -b --binary -t
        --text --eof -w --wait --every --rate --reply --select --pick --for --allow --unix-mode --allow-host --once
        --max-clients --path -u --user --auth -o --origin -s --subprotocol -H --header --no-compress --compress --exec
        --exec-mode --exec-format --pty --exec-stderr --exec-env --exec-dir --exec-max --kill-after --exec-early --in
        --out --format --json -0 --null --keep-newline --escape --timestamps --tls --client-ca --tls-out --cert --key
        --passphrase --tls-min --ciphers --compress-level --max-size --max-frame --max-header --max-held
        --connect-timeout --handshake-timeout --close-timeout --ping-interval --ping-timeout -v --verbose -q --quiet
        --frames --dump-size --show --commands --color --no-color --json-pretty -P --show-ping-pong --no-history --slash'
      ;;
    echo)
      echo '-h --help -l --listen --www --www-list --json --allow --unix-mode --once --max-clients --path -u --user --auth
        -o --origin -s --subprotocol -H --header --no-compress --tls --client-ca --tls-out --cert --key --passphrase
        --tls-min --ciphers --compress-level --max-size --max-frame --max-header --max-held --handshake-timeout
        --close-timeout --ping-interval --ping-timeout -v --verbose -q --quiet --frames --dump-size --show'
      ;;
    forward)
      echo '-h --help --eof -w --wait --idle --max-clients --unix-mode -H --header -s --subprotocol -o --origin --host -A
        --user-agent -u --user --auth --bearer --cookie -p --protocol-version --protocol -4 --ipv4 -6 --ipv6 --proxy
        --proxy-user --unix-socket --resolve --connect-to -L --location --max-redirects --ca --cacert --capath -n -k
        --no-check --insecure --pin --servername --cert --key --passphrase --tls-min --ciphers --no-compress --compress
        --compress-level --max-size --max-frame --max-header --max-held --connect-timeout --handshake-timeout
        --close-timeout --ping-interval --ping-timeout -v --verbose -q --quiet --frames --dump-size'
      ;;
    ping)
      echo '-h --help -c --count -i --interval -W --wait -s --size --text --open -q --quiet --json -H --header --subprotocol
        -o --origin --host -A --user-agent -u --user --auth --bearer --cookie -p --protocol-version --protocol -4 --ipv4
        -6 --ipv6 --proxy --proxy-user --unix-socket --resolve --connect-to -L --location --max-redirects --ca --cacert
        --capath -n -k --no-check --insecure --pin --servername --cert --key --passphrase --tls-min --ciphers
        --no-compress --compress --compress-level --max-size --max-frame --max-header --max-held --connect-timeout
        --handshake-timeout --close-timeout --timeout -v --verbose --frames --dump-size --color --no-color'
      ;;
    run)
      echo '-h --help --set --set-file --url --secret --jobs --retry --repeat --shuffle --bail --report --update --dry-run
        --within --timeout -v --verbose'
      ;;
    check)
      echo '-h --help --listen --agent --list --json --only --skip --rfc --level --aggressive --slow --echo --say --sample
        --path-unknown --discover --jobs --retries --seed --evidence --baseline --write-baseline --strict-baseline
        --report -H --header -s --subprotocol -o --origin --host -A --user-agent -u --user --auth --bearer --cookie -4
        --ipv4 -6 --ipv6 --proxy --proxy-user --unix-socket --resolve --connect-to --ca --cacert --capath -n -k
        --no-check --insecure --pin --servername --tls --tls-out --cert --key --passphrase --tls-min --ciphers
        --connect-timeout --case-timeout --idle-max --timeout -v --verbose'
      ;;
    decode)
      echo '-h --help --from --role --deflate --port --stream --stats --strict --json --dump-size --color --no-color'
      ;;
    encode)
      echo '-h --help --text --binary --ping --pong --close --frame --in --role --mask --fragment --deflate --out'
      ;;
    alone)
      echo '-V --version --generate -l --listen'
      ;;
  esac
}

# The value of option $1 of command $4, of which $2 was typed, behind $3: = or nothing; fails if it takes none
# there.
_wscope_value() {
  case $1 in
    -c)
      case $4 in
        connect) _wscope_words echo: "$2" ;;
        ping) true ;;
      esac
      ;;
    --echo)
      case $4 in
        listen | connect) false ;;
        check) _wscope_words 'auto yes no' "$2" ;;
      esac
      ;;
    --slow)
      case $4 in
        listen) _wscope_words 'drop close' "$2" ;;
        check) false ;;
      esac
      ;;
    --binary)
      case $4 in
        connect | listen) false ;;
        encode) true ;;
      esac
      ;;
    --text)
      case $4 in
        connect | listen) false ;;
        ping) [[ $3 ]] ;;
        encode) true ;;
      esac
      ;;
    --only)
      case $4 in
        connect) false ;;
        check) true ;;
      esac
      ;;
    --report)
      case $4 in
        run) _wscope_words 'text tap junit json' "$2" ;;
        check) _wscope_words 'text json junit tap md autobahn' "$2" ;;
      esac
      ;;
    --role)
      case $4 in
        decode) _wscope_words 'client server auto' "$2" ;;
        encode) _wscope_words 'client server' "$2" ;;
      esac
      ;;
    --in)
      case $4 in
        encode) _wscope_words 'json' "$2" ;;
        connect | listen) _wscope_words 'lines nul whole raw hex base64 json' "$2" ;;
      esac
      ;;
    --out)
      case $4 in
        encode) _wscope_words 'hex raw base64 c' "$2" ;;
        connect | listen) _wscope_words 'lines nul raw hex base64 json' "$2" ;;
      esac
      ;;
    --compress)
      case $4 in
        listen) false ;;
        connect | forward | ping) true ;;
      esac
      ;;
    --generate)
      _wscope_words 'man bash zsh fish' "$2"
      ;;
    --connect | --url)
      _wscope_words echo: "$2"
      ;;
    -l | --listen | --relay | --idle | -w | --wait | --max-clients | --every | --rate | --count | --until | \
      --until-json | --expect | --expect-timeout | --reply | --select | --pick | --for | -i | --interval | -W | -s | \
      --size | --set | --secret | --jobs | --retry | --repeat | --agent | --skip | --rfc | --say | --path-unknown | \
      --retries | --seed | --deflate | --port | --stream | --dump-size | --frame | --mask | --fragment | --allow | \
      --unix-mode | --allow-host | --path | -u | --user | --auth | -o | --origin | --subprotocol | --exec | --exec-env \
      | --exec-max | --kill-after | --host | -A | --user-agent | -p | --protocol-version | --protocol | --proxy | \
      --proxy-user | --resolve | --connect-to | --max-redirects | --pin | --servername | --ciphers | --compress-level \
      | --max-size | --max-frame | --max-header | --max-held | --connect-timeout | --handshake-timeout | \
      --close-timeout | --ping-interval | --ping-timeout | --timeout | --within | --case-timeout | --idle-max)
      true
      ;;
    --www | --relay-file | --set-file | --sample | --baseline | --write-baseline | --unix-socket | --ca | --cacert | \
      --tls-out | --client-ca | --cert | --key | --commands)
      mapfile -t COMPREPLY < <(compgen -f -- "$2")
      ;;
    --eof)
      _wscope_words 'wait close hold' "$2"
      ;;
    -x | --execute | -H | --header | --bearer | --cookie | --write-out)
      if [[ $2 == @* ]]; then _wscope_files "${2#@}"; fi
      ;;
    --lockstep | --shuffle | --ping | --pong | --close | --pty | --exec-early | --reconnect | --passphrase)
      [[ $3 ]]
      ;;
    --level)
      _wscope_words 'must should info' "$2"
      ;;
    --evidence | --exec-dir | --capath)
      mapfile -t COMPREPLY < <(compgen -d -- "$2")
      ;;
    --from)
      _wscope_words 'auto hex base64 raw json pcap har' "$2"
      ;;
    --color)
      _wscope_words 'auto always never' "$2"
      ;;
    --exec-mode)
      _wscope_words 'client message shared' "$2"
      ;;
    --exec-format)
      _wscope_words 'lines nul whole raw base64 json' "$2"
      ;;
    --exec-stderr)
      _wscope_words 'show drop send' "$2"
      ;;
    --format)
      _wscope_words 'lines nul raw hex base64 json' "$2"
      ;;
    --timestamps)
      [[ $3 ]] && _wscope_words 'absolute relative' "$2"
      ;;
    --tls-min)
      _wscope_words '1.2 1.3' "$2"
      ;;
    --show)
      _wscope_words 'sent' "$2"
      ;;
    *) return 1 ;;
  esac
}
# To here.

_wscope() {
  local i=$COMP_CWORD current=${COMP_WORDS[COMP_CWORD]} command=connect value first typed
  COMPREPLY=()

  # bash cuts words at = and @: --eof = wait, -H @ file, --header =@ file.
  value=$current
  [[ $value != @(=|@|=@) && ${COMP_WORDS[i - 1]} == @(=|@|=@) ]] && value=${COMP_WORDS[--i]}$value
  read -r _ first typed <<<"${COMP_LINE:0:COMP_POINT}"
  case $first in
    connect | listen | echo | forward | ping | run | check | decode | encode) command=$first ;;
    curl) ((COMP_CWORD > 1)) && return ;; # whose options are curl's
    *) [[ " $first $typed" =~ \ (-l|--listen[\ =]) ]] && command=listen ;; # as in wscat
  esac
  _wscope_value "${COMP_WORDS[i - 1]}" "${value#=}" "${value%%[^=]*}" "$command" && return
  if [[ $current == -* ]]; then
    ((COMP_CWORD == 1)) && _wscope_words "$(_wscope_options connect) $(_wscope_options alone)" "$current" && return
    _wscope_words "$(_wscope_options "$command")" "$current"
  elif ((COMP_CWORD == 1)); then
    _wscope_words 'connect listen echo forward ping run check decode encode curl echo:' "$current"
  elif [[ $command == @(run|decode) ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ $command == connect && $first$typed != *:* ]]; then
    _wscope_words 'echo:' "$current"
  fi
}

complete -F _wscope wscope
