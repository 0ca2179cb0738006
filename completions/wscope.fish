# Completion of wscope for fish.

# The command that the command line is about; without one it is connect, or, as in wscat, listen.
function __wscope_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" connect listen echo forward ping run curl
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

function __wscope_directories
    __fish_complete_directories (commandline -ct | string replace -r -- '^--\w+=' '')
end

complete -c wscope -f
complete -c wscope -n __wscope_begins -a connect -d 'A client'
complete -c wscope -n __wscope_begins -a listen -d 'A server for all its clients'
complete -c wscope -n __wscope_begins -a echo -d 'A server that sends every message back'
complete -c wscope -n __wscope_begins -a forward -d 'A port or stdin and stdout, through WebSockets'
complete -c wscope -n __wscope_begins -a ping -d 'Round-trip times of an endpoint'
complete -c wscope -n __wscope_begins -a run -d 'Scripts with expectations'
complete -c wscope -n __wscope_begins -a curl -d 'A client, from a line that was copied as cURL'
complete -c wscope -n '__wscope_is connect' -a echo: -d 'A server inside wscope'
complete -c wscope -n '__wscope_is run' -F

# From here on made by tests/lint/options.py of src/cli/option_table.h.
complete -c wscope -s h -l help -d 'Print this'
complete -c wscope -n '__wscope_begins' -s V -l version -d 'Print the version'
complete -c wscope -n '__wscope_begins' -l generate -x -a 'man bash zsh fish' -d 'Print the manual'
complete -c wscope -n '__wscope_is connect' -s c -l connect -x -a echo: -d 'Where to connect, as in wscat'
complete -c wscope -n '__wscope_begins; or __wscope_is listen echo' -s l -l listen -x -d 'Where to listen, as in wscat'
complete -c wscope -n '__wscope_is listen' -l echo -d 'Send every message back'
complete -c wscope -n '__wscope_is listen' -l broadcast -d 'Send every message to all other clients'
complete -c wscope -n '__wscope_is listen echo' -l www -r -F -d 'Serve the files of this folder, too'
complete -c wscope -n '__wscope_is listen echo' -l www-list -d 'With --www: show a folder without an index.html as a list'
complete -c wscope -n '__wscope_is listen' -l relay -x -d 'Connect each client with tcp:HOST:PORT'
complete -c wscope -n '__wscope_is listen' -l relay-file -r -F -d 'The same by the token that a client asks with'
complete -c wscope -n '__wscope_is listen' -l idle -x -d 'With a target of UDP: close when nothing has come or gone for so long'
complete -c wscope -n '__wscope_is forward' -l eof -x -a 'wait close hold' -d 'Behind the end of what is forwarded'
complete -c wscope -n '__wscope_is forward' -s w -l wait -x -d 'How long the peer must be silent with --eof wait'
complete -c wscope -n '__wscope_is forward' -l idle -x -d 'Of UDP'
complete -c wscope -n '__wscope_is forward' -l max-clients -x -d 'Forward no more connections at a time'
complete -c wscope -n '__wscope_is listen' -l slow -x -a 'drop close' -d 'A client that is sent to faster than it reads'
complete -c wscope -n '__wscope_is connect' -s b -l binary -d 'Send binary messages'
complete -c wscope -n '__wscope_is listen' -s b -l binary -d 'Send binary messages'
complete -c wscope -n '__wscope_is connect' -s t -l text -d 'Send text messages'
complete -c wscope -n '__wscope_is listen' -s t -l text -d 'Send text messages'
complete -c wscope -n '__wscope_is connect' -l echo -d 'Send every message back'
complete -c wscope -n '__wscope_is connect' -l eof -x -a 'wait close hold' -d 'After the last line'
complete -c wscope -n '__wscope_is connect' -s w -l wait -x -d 'How long the peer must be silent with --eof wait'
complete -c wscope -n '__wscope_is listen' -l eof -x -a 'wait close hold' -d 'After the last line'
complete -c wscope -n '__wscope_is listen' -s w -l wait -x -d 'As --eof wait, and how long the clients must be silent'
complete -c wscope -n '__wscope_is connect' -s x -l execute -x -a '(__wscope_files)' -d 'Send this message first, written as --in has it'
complete -c wscope -n '__wscope_is connect listen' -l every -x -d 'Send this again and again'
complete -c wscope -n '__wscope_is connect listen' -l rate -x -d 'Send at most so many messages a second'
complete -c wscope -n '__wscope_is connect' -l stdin -d 'With --execute: go on with stdin'
complete -c wscope -n '__wscope_is connect' -l no-stdin -d 'Never read stdin'
complete -c wscope -n '__wscope_is connect' -l count -x -d 'Close after this many received messages'
complete -c wscope -n '__wscope_is connect' -s 1 -l one -d 'The same as --count 1'
complete -c wscope -n '__wscope_is connect' -l until -x -d 'Close after a received message that matches'
complete -c wscope -n '__wscope_is connect' -l until-json -x -d 'The same as --until \'.PATH == VALUE\''
complete -c wscope -n '__wscope_is connect' -l expect -x -d 'Wait for a message that matches before the next --execute'
complete -c wscope -n '__wscope_is connect' -l expect-timeout -x -d 'How long each --expect waits, and each line with --lockstep'
complete -c wscope -n '__wscope_is connect' -l lockstep -d 'Send a line of stdin only when a message'
complete -c wscope -n '__wscope_is connect listen' -l reply -x -d 'Answer a message that matches with this text'
complete -c wscope -n '__wscope_is connect listen' -l select -x -d 'Print only messages that match'
complete -c wscope -n '__wscope_is connect listen' -l pick -x -d 'Print this part of messages that are JSON'
complete -c wscope -n '__wscope_is connect' -l only -d 'Print only what --count counts and --until waits for'
complete -c wscope -n '__wscope_is connect listen' -l for -x -d 'End this long after the first connection is open'
complete -c wscope -n '__wscope_is echo' -l json -d 'Print all that happens, as JSON'
complete -c wscope -n '__wscope_is ping' -s c -l count -x -d 'Stop after so many pings'
complete -c wscope -n '__wscope_is ping' -s i -l interval -x -d 'From one ping to the next'
complete -c wscope -n '__wscope_is ping' -s W -l wait -x -d 'How long an answer is waited for'
complete -c wscope -n '__wscope_is ping' -s s -l size -x -d 'The bytes of a payload, from 0 to 125'
complete -c wscope -n '__wscope_is ping' -l text -d 'Send text messages'
complete -c wscope -n '__wscope_is ping' -l open -d 'Make a new connection for each ping'
complete -c wscope -n '__wscope_is ping' -s q -l quiet -d 'Print only the first lines and the summary'
complete -c wscope -n '__wscope_is ping' -l json -d 'Print all that happens, as JSON'
complete -c wscope -n '__wscope_is run' -l set -x -d 'Set a variable, {{NAME}} in scripts'
complete -c wscope -n '__wscope_is run' -l set-file -r -F -d 'Set the variables of a file'
complete -c wscope -n '__wscope_is run' -l url -x -a echo: -d 'The same as --set url=URL'
complete -c wscope -n '__wscope_is run' -l secret -x -d 'Set a variable whose value is never shown'
complete -c wscope -n '__wscope_is run' -l jobs -x -d 'Run so many scripts at a time'
complete -c wscope -n '__wscope_is run' -l retry -x -d 'Try a script that fails so many times more'
complete -c wscope -n '__wscope_is run' -l repeat -x -d 'Run each script so many times'
complete -c wscope -n '__wscope_is run' -l shuffle -d 'Run the scripts in a random order'
complete -c wscope -n '__wscope_is run' -l bail -d 'Begin no more scripts after one has failed'
complete -c wscope -n '__wscope_is run' -l report -x -a 'text tap junit json' -d 'What is printed'
complete -c wscope -n '__wscope_is run' -l update -d 'Write the snapshots anew'
complete -c wscope -n '__wscope_is run' -l dry-run -d 'Only read the scripts, and say what is wrong with them'
complete -c wscope -n '__wscope_is listen echo' -l allow -x -d 'Let in only clients with such an address'
complete -c wscope -n '__wscope_is forward' -l unix-mode -x -d 'The permissions of the file of unix:PATH'
complete -c wscope -n '__wscope_is listen echo' -l unix-mode -x -d 'The permissions of the socket of unix:PATH'
complete -c wscope -n '__wscope_is listen' -l allow-host -x -d 'A name of this server that web pages may use'
complete -c wscope -n '__wscope_is listen echo' -l once -d 'Serve one client, then exit'
complete -c wscope -n '__wscope_is listen echo' -l max-clients -x -d 'Refuse more clients at a time'
complete -c wscope -n '__wscope_is listen echo' -l path -x -d 'The only path there is'
complete -c wscope -n '__wscope_is listen echo' -s u -l user -l auth -x -d 'The Basic credentials to ask for'
complete -c wscope -n '__wscope_is listen echo' -s o -l origin -x -d 'Let in only clients of this Origin'
complete -c wscope -n '__wscope_is listen echo' -s s -l subprotocol -x -d 'Speak this subprotocol'
complete -c wscope -n '__wscope_is listen echo' -s H -l header -x -a '(__wscope_files)' -d 'A header of the answer, in place of our own'
complete -c wscope -n '__wscope_is listen echo' -l no-compress -d 'Do not agree to permessage-deflate'
complete -c wscope -n '__wscope_is listen' -l compress -d 'With --relay: agree to permessage-deflate'
complete -c wscope -n '__wscope_is connect listen' -l exec -x -d 'As -- sh -c CMD'
complete -c wscope -n '__wscope_is connect listen' -l exec-mode -x -a 'client message shared' -d 'A process a connection'
complete -c wscope -n '__wscope_is connect listen' -l exec-format -x -a 'lines nul whole raw base64 json' -d 'What a message is to the program'
complete -c wscope -n '__wscope_is connect listen' -l pty -d 'Give the program a terminal'
complete -c wscope -n '__wscope_is connect listen' -l exec-stderr -x -a 'show drop send' -d 'Its stderr'
complete -c wscope -n '__wscope_is connect listen' -l exec-env -x -d 'A variable for the program, ours or with this value'
complete -c wscope -n '__wscope_is connect listen' -l exec-dir -x -a '(__wscope_directories)' -d 'Where the program begins'
complete -c wscope -n '__wscope_is connect listen' -l exec-max -x -d 'Run so many processes at a time'
complete -c wscope -n '__wscope_is connect listen' -l kill-after -x -d 'How long a program has when its other side has left'
complete -c wscope -n '__wscope_is listen' -l exec-early -d 'Let a client in once the program has said something'
complete -c wscope -n '__wscope_is connect listen' -l in -x -a 'lines nul whole raw hex base64 json' -d 'What is one message of stdin'
complete -c wscope -n '__wscope_is connect listen' -l out -x -a 'lines nul raw hex base64 json' -d 'How a received message is printed'
complete -c wscope -n '__wscope_is connect listen' -l format -x -a 'lines nul raw hex base64 json' -d 'For --in and --out'
complete -c wscope -n '__wscope_is connect listen' -l json -d 'The same as --out json'
complete -c wscope -n '__wscope_is connect listen' -s 0 -l null -d 'The same as --format nul'
complete -c wscope -n '__wscope_is connect listen' -l keep-newline -d 'Leave the line feed, or CR and line feed, on a line of stdin'
complete -c wscope -n '__wscope_is connect listen' -l escape -d 'Read \n'
complete -c wscope -n '__wscope_is connect listen' -l timestamps -d 'Print in front of each message when it came'
complete -c wscope -n '__wscope_is connect forward ping' -s H -l header -x -a '(__wscope_files)' -d 'A header, in place of our own'
complete -c wscope -n '__wscope_is connect forward' -s s -l subprotocol -x -d 'Offer a subprotocol'
complete -c wscope -n '__wscope_is ping' -l subprotocol -x -d 'Offer a subprotocol'
complete -c wscope -n '__wscope_is connect forward ping' -s o -l origin -x -d 'The Origin header'
complete -c wscope -n '__wscope_is connect forward ping' -l host -x -d 'The Host header, in place of the URL\'s'
complete -c wscope -n '__wscope_is connect forward ping' -s A -l user-agent -x -d 'The User-Agent header'
complete -c wscope -n '__wscope_is connect forward ping' -s u -l user -l auth -x -d 'Basic credentials'
complete -c wscope -n '__wscope_is connect forward ping' -l bearer -x -a '(__wscope_files)' -d 'A bearer token, or @FILE whose first line is one'
complete -c wscope -n '__wscope_is connect forward ping' -l cookie -x -a '(__wscope_files)' -d 'A cookie'
complete -c wscope -n '__wscope_is connect forward ping' -s p -l protocol-version -l protocol -x -d 'Sec-WebSocket-Version'
complete -c wscope -n '__wscope_is connect forward ping' -s 4 -l ipv4 -d 'Connect to IPv4 addresses only'
complete -c wscope -n '__wscope_is connect forward ping' -s 6 -l ipv6 -d 'Connect to IPv6 addresses only'
complete -c wscope -n '__wscope_is connect forward ping' -l proxy -x -d 'Go through this proxy and not one of the environment'
complete -c wscope -n '__wscope_is connect forward ping' -l proxy-user -x -d 'The credentials for the proxy, unless its URL has some'
complete -c wscope -n '__wscope_is connect forward ping' -l unix-socket -r -F -d 'Connect to this Unix domain socket, whatever the URL\'s host'
complete -c wscope -n '__wscope_is connect forward ping' -l resolve -x -d 'The addresses of a host at a port'
complete -c wscope -n '__wscope_is connect forward ping' -l connect-to -x -d 'Connect to HOST2:PORT2 in place of HOST1:PORT1'
complete -c wscope -n '__wscope_is connect forward ping' -s L -l location -d 'Follow redirections'
complete -c wscope -n '__wscope_is connect forward ping' -l max-redirects -x -d 'With --location: how many'
complete -c wscope -n '__wscope_is connect' -l reconnect -d 'Connect again when that fails or the connection is lost'
complete -c wscope -n '__wscope_is connect forward ping' -l ca -l cacert -r -F -d 'Trust these issuers'
complete -c wscope -n '__wscope_is connect forward ping' -l capath -x -a '(__wscope_directories)' -d 'Trust the issuers in this directory'
complete -c wscope -n '__wscope_is connect forward ping' -s n -s k -l no-check -l insecure -d 'Do not check the server\'s certificate'
complete -c wscope -n '__wscope_is connect forward ping' -l pin -x -d 'The server has this key'
complete -c wscope -n '__wscope_is connect forward ping' -l servername -x -d 'The name to ask for and to find in the certificate'
complete -c wscope -n '__wscope_is listen echo' -l tls -d 'Speak TLS'
complete -c wscope -n '__wscope_is listen echo' -l client-ca -r -F -d 'Let in only clients with a certificate of these issuers'
complete -c wscope -n '__wscope_is listen echo' -l tls-out -r -F -d 'Write our certificate'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l cert -r -F -d 'Our certificate, and those between it and its root'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l key -r -F -d 'Its private key'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l passphrase -d 'The passphrase of the key or of PKCS#12'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l tls-min -x -a '1.2 1.3' -d 'The oldest version of TLS to speak'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l ciphers -x -d 'The ciphers to choose from, as OpenSSL writes them'
complete -c wscope -n '__wscope_is connect forward ping' -l no-compress -d 'Do not offer permessage-deflate'
complete -c wscope -n '__wscope_is connect forward ping' -l compress -x -d 'Offer permessage-deflate with these parameters'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l compress-level -x -d 'How hard to compress what is sent'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l max-size -x -d 'The longest message that is received'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l max-frame -x -d 'The longest frame that is received'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l max-header -x -d 'The longest head of a request or response'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l max-held -x -d 'What is held of messages of all connections together'
complete -c wscope -n '__wscope_is connect forward ping' -l connect-timeout -x -d 'For the name and the TCP connection'
complete -c wscope -n '__wscope_is listen' -l connect-timeout -x -d 'With --relay: for the target\'s name and the connection to it'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l handshake-timeout -x -d 'For the upgrade'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l close-timeout -x -d 'For the peer to answer a Close'
complete -c wscope -n '__wscope_is connect listen echo forward' -l ping-interval -x -d 'Send a Ping this often'
complete -c wscope -n '__wscope_is connect listen echo forward' -l ping-timeout -x -d 'How long after such a Ping a silent peer is taken for lost'
complete -c wscope -n '__wscope_is connect ping' -l timeout -x -d 'For the whole run'
complete -c wscope -n '__wscope_is run' -l within -x -d 'For an expectation that says nothing else'
complete -c wscope -n '__wscope_is run' -l timeout -x -d 'For each script'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -s v -l verbose -d 'Print to stderr what both sides say in the opening handshake'
complete -c wscope -n '__wscope_is run' -s v -l verbose -d 'Print every frame to stderr'
complete -c wscope -n '__wscope_is connect listen echo forward' -s q -l quiet -d 'Print nothing to stderr but errors'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l frames -d 'Print every frame with its bytes'
complete -c wscope -n '__wscope_is connect listen echo forward ping' -l dump-size -x -d 'How many bytes of a frame are printed'
complete -c wscope -n '__wscope_is connect listen echo' -l show -x -a 'sent' -d 'With --json: what is sent, too'
complete -c wscope -n '__wscope_is connect' -l write-out -x -a '(__wscope_files)' -d 'Print this to stderr at the end'
complete -c wscope -n '__wscope_is connect listen' -l commands -r -F -d 'Without a person: obey the lines of this file'
complete -c wscope -n '__wscope_is connect listen ping' -l color -x -a 'auto always never' -d 'Colours'
complete -c wscope -n '__wscope_is connect listen ping' -l no-color -d 'The same as --color never'
complete -c wscope -n '__wscope_is connect listen' -l json-pretty -d 'Show JSON messages indented'
complete -c wscope -n '__wscope_is connect listen' -s P -l show-ping-pong -d 'Show Ping, Pong and Close as they come'
complete -c wscope -n '__wscope_is connect' -l stay -d 'Go on when the connection is over'
complete -c wscope -n '__wscope_is connect listen' -l no-history -d 'Do not keep what is typed'
complete -c wscope -n '__wscope_is connect listen' -l slash -d 'Lines with / are commands, as they always are'
# To here.
