# Completion of wscope for fish.

# The command that the command line is about; without one it is connect, or, as in wscat, listen.
function __wscope_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" connect listen echo curl
        echo $words[2]
    else if string match -qr -- '^(-l.*|--listen|--listen=.*)$' $words
        echo listen
    else
        echo connect
    end
end

# Whether it is one of these.
function __wscope_is
    contains -- (__wscope_command) $argv
end

# Whether it has not been said yet, nor a URL.
function __wscope_begins
    test (count (commandline -opc)) -eq 1
end

# The files behind an @.
function __wscope_files
    set -l typed (string replace -r -- '^--\w+=' '' (commandline -ct))
    if string match -q -- '@*' $typed
        printf '@%s\n' (__fish_complete_path (string sub -s 2 -- $typed))
    end
end

complete -c wscope -f
complete -c wscope -n __wscope_begins -a connect -d 'A client'
complete -c wscope -n __wscope_begins -a listen -d 'A server for all its clients'
complete -c wscope -n __wscope_begins -a echo -d 'A server that sends every message back'
complete -c wscope -n __wscope_begins -a curl -d 'A client, from a line that was copied as cURL'
complete -c wscope -n '__wscope_is connect' -a echo: -d 'A server inside wscope'
complete -c wscope -n __wscope_begins -s V -l version -d 'Print the version'

# All commands.
complete -c wscope -s h -l help -d 'Print the options'
complete -c wscope -l json -d 'Print all that happens as JSON'
complete -c wscope -l cert -r -F -d 'Our certificate'
complete -c wscope -l key -r -F -d 'Its private key'
complete -c wscope -l passphrase -d 'The passphrase of the key is asked for, or behind ='
complete -c wscope -l tls-min -x -a '1.2 1.3' -d 'The oldest version of TLS'
complete -c wscope -l ciphers -x -d 'Ciphers, as OpenSSL writes them'
complete -c wscope -l max-size -x -d 'The longest message that is received'
complete -c wscope -l max-held -x -d 'What is held of messages of all connections'
complete -c wscope -l max-frame -x -d 'The longest frame that is received'
complete -c wscope -l max-header -x -d 'The longest head of a request or response'
complete -c wscope -l handshake-timeout -x -d 'Seconds for the upgrade'
complete -c wscope -l close-timeout -x -d 'Seconds for the peer to answer a Close'
complete -c wscope -l ping-interval -x -d 'Seconds between Pings'
complete -c wscope -l ping-timeout -x -d 'Seconds after which a silent peer is lost'
complete -c wscope -s v -l verbose -d 'Show the handshake and the end; twice: frames, too'
complete -c wscope -s q -l quiet -d 'Print nothing but errors'
complete -c wscope -l frames -d 'Print every frame with its bytes'
complete -c wscope -l dump-size -x -d 'How many bytes of a frame are printed'
complete -c wscope -l show -x -a sent -d 'With --json: what is sent, too'

# connect and listen.
set -l is '__wscope_is connect listen'
complete -c wscope -n $is -s b -l binary -d 'Send binary messages'
complete -c wscope -n $is -s t -l text -d 'Send text messages'
complete -c wscope -n $is -l in -x -a 'lines nul whole hex base64 json' -d 'What is a message of stdin'
complete -c wscope -n $is -l out -x -a 'lines nul raw hex base64 json' -d 'How a message is printed'
complete -c wscope -n $is -l format -x -a 'lines nul hex base64 json' -d 'For --in and --out'
complete -c wscope -n $is -s 0 -l null -d 'The same as --format nul'
complete -c wscope -n $is -l commands -r -F -d 'Obey the lines of this file'
complete -c wscope -n $is -l color -x -a 'auto always never' -d Colours
complete -c wscope -n $is -l no-color -d 'No colours'
complete -c wscope -n $is -l json-pretty -d 'Show JSON messages indented'
complete -c wscope -n $is -s P -l show-ping-pong -d 'Show Ping, Pong and Close as they come'
complete -c wscope -n $is -l no-history -d 'Do not keep what is typed'
complete -c wscope -n $is -l slash -d 'Lines with / are commands, as they always are'

# connect.
set is '__wscope_is connect'
complete -c wscope -n $is -s c -l connect -x -a echo: -d 'Where to connect'
complete -c wscope -n $is -l echo -d 'Send every message back'
complete -c wscope -n $is -l eof -x -a 'wait close hold' -d 'What follows the end of stdin'
complete -c wscope -n $is -s w -l wait -x -d 'Seconds of silence before the end'
complete -c wscope -n $is -s x -l execute -x -d 'Send this message first'
complete -c wscope -n $is -l stdin -d 'With --execute: go on with stdin'
complete -c wscope -n $is -l count -x -d 'Close after so many messages'
complete -c wscope -n $is -s 1 -l one -d 'Close after one message'
complete -c wscope -n $is -l until -x -d 'Close after a message that matches'
complete -c wscope -n $is -s H -l header -x -a '(__wscope_files)' -d 'A header of the request'
complete -c wscope -n $is -s s -l subprotocol -x -d 'Offer a subprotocol'
complete -c wscope -n $is -s o -l origin -x -d 'The Origin header'
complete -c wscope -n $is -l host -x -d 'The Host header'
complete -c wscope -n $is -s A -l user-agent -x -d 'The User-Agent header'
complete -c wscope -n $is -s u -l user -l auth -x -d 'Basic credentials, USER:PASSWORD'
complete -c wscope -n $is -l bearer -x -a '(__wscope_files)' -d 'A bearer token'
complete -c wscope -n $is -l cookie -x -a '(__wscope_files)' -d 'A cookie, NAME=VALUE'
complete -c wscope -n $is -s p -l protocol-version -l protocol -x -d Sec-WebSocket-Version
complete -c wscope -n $is -s 4 -l ipv4 -d 'Only IPv4 addresses'
complete -c wscope -n $is -s 6 -l ipv6 -d 'Only IPv6 addresses'
complete -c wscope -n $is -l proxy -x -d 'Go through this proxy'
complete -c wscope -n $is -l proxy-user -x -d 'The credentials for it, USER:PASSWORD'
complete -c wscope -n $is -l unix-socket -r -F -d 'Connect to this Unix domain socket'
complete -c wscope -n $is -l resolve -x -d 'Addresses, HOST:PORT:ADDRESS'
complete -c wscope -n $is -l connect-to -x -d 'HOST1:PORT1:HOST2:PORT2'
complete -c wscope -n $is -s L -l location -d 'Follow redirections'
complete -c wscope -n $is -l max-redirects -x -d 'How many redirections'
complete -c wscope -n $is -l reconnect -d 'Connect again; =MAX: until MAX failures'
complete -c wscope -n $is -l ca -l cacert -r -F -d 'Trust these issuers'
complete -c wscope -n $is -l capath -x -a '(__fish_complete_directories (commandline -ct | string replace -r -- "^--\w+=" ""))' -d 'Trust those in this directory'
complete -c wscope -n $is -s n -s k -l no-check -l insecure -d 'Do not check the certificate'
complete -c wscope -n $is -l pin -x -d 'The key that the server must have'
complete -c wscope -n $is -l servername -x -d 'The name in the certificate'
complete -c wscope -n $is -l no-compress -d 'Do not offer permessage-deflate'
complete -c wscope -n $is -l compress -x -d 'Parameters of permessage-deflate'
complete -c wscope -n $is -l connect-timeout -x -d 'Seconds for name and TCP connection'
complete -c wscope -n $is -l timeout -x -d 'Seconds for the whole run'

# listen.
set is '__wscope_is listen'
complete -c wscope -n $is -l echo -d 'Send every message back'
complete -c wscope -n $is -l broadcast -d 'Send every message to all other clients'
complete -c wscope -n $is -l allow-host -x -d 'A name of this server that web pages may use'
complete -c wscope -n $is -l slow -x -a 'drop close' -d 'What becomes of a client that reads slowly'

# listen and echo.
set is '__wscope_is listen echo'
complete -c wscope -n $is -l once -d 'Serve one client, then exit'
complete -c wscope -n $is -l max-clients -x -d 'Refuse more clients at a time'
complete -c wscope -n $is -l tls -d 'Speak TLS'
complete -c wscope -n $is -l client-ca -r -F -d 'Demand certificates of these issuers'
complete -c wscope -n $is -l path -x -d 'The only path there is'
complete -c wscope -n $is -s u -l user -l auth -x -d 'Basic credentials to ask for, USER:PASSWORD'
complete -c wscope -n $is -s o -l origin -x -d 'Let in only clients of this Origin'
complete -c wscope -n $is -s s -l subprotocol -x -d 'Speak this subprotocol'
complete -c wscope -n $is -s H -l header -x -a '(__wscope_files)' -d 'A header of the answer'
complete -c wscope -n $is -l no-compress -d 'Do not agree to permessage-deflate'
complete -c wscope -n '__wscope_begins; or __wscope_is listen echo' -s l -l listen -x -d 'Where to listen'
