// The options of all commands: one row each. Parsing and --help come of it, what Tab offers in a session, what may be
// given there, and what is a secret; of it tests/lint/options.py makes the manual's items and the completions.
#pragma once

#include <iterator>
#include <string_view>
#include <vector>

#include "cli/option.h"

namespace wscope::cli {

namespace rows {

using enum CommandSet;
using enum Scope;
using enum Given;
using enum repl::ValueKind;
using enum repl::Secret;

inline constexpr std::string_view clients = "Clients";
inline constexpr std::string_view programs = "Programs";
inline constexpr std::string_view formats = "Formats";
inline constexpr std::string_view request = "Request";
inline constexpr std::string_view way = "Way";
inline constexpr std::string_view tls = "TLS";
inline constexpr std::string_view compression = "Compression";
inline constexpr std::string_view limits = "Limits";
inline constexpr std::string_view timeouts = "Timeouts";
inline constexpr std::string_view diagnostics = "Diagnostics";
inline constexpr std::string_view terminal = "On a terminal";

inline constexpr bool may_be_empty = true;
inline constexpr Value in_seconds = {seconds, "SECONDS"};
inline constexpr Value bytes = {size, "N[KMG]"};

// clang-format off
/// In the order of --help. An option that is something else to another command has a row for each.
inline constexpr Option table[] = {
    {"-h,--help", everywhere, link, "", {}, "", "print this"},
    {"-V,--version", alone, display, "", {}, "", "print the version"},
    {"--generate", alone, display, "", {choice, "man|bash|zsh|fish"}, "",
     "print the manual (man COMMAND: that of one that has its own) or a shell's completion"},
    {"-c,--connect", connect, link, "", {url, "URL", once, userinfo, may_be_empty}, "",
     "where to connect, as in wscat"},
    {"-l,--listen", as_in_wscat, link, "", {text, "PORT", once, never, may_be_empty}, "",
     "where to listen, as in wscat"},
    {"--echo", listen, link, "", {}, "--broadcast", "send every message back"},
    {"--broadcast", listen, link, "", {}, "", "send every message to all other clients"},
    {"--www", servers, session, "", {file, "DIR"}, "",
     "serve the files of this folder, too: to those who ask for a page, not for an upgrade"},
    {"--www-list", servers, session, "", {}, "", "with --www: show a folder without an index.html as a list"},
    {"--relay", listen, session, "", {text, "TARGET", repeatedly, userinfo},
     "--echo,--broadcast,--exec,--slow,--binary,--text,--eof,--wait,--every,--rate,--reply,--select,--pick,--commands",
     "connect each client with tcp:HOST:PORT, unix:PATH, udp:HOST:PORT, a ws or wss URL or echo:; /PATH=TARGET: those "
     "that ask for that path; may be repeated"},
    {"--relay-file", listen, session, "", {file, "FILE"},
     "--echo,--broadcast,--exec,--slow,--binary,--text,--eof,--wait,--every,--rate,--reply,--select,--pick,--commands",
     "the same by the token that a client asks with, ?token=NAME or the end of its path; lines are NAME: TARGET"},
    {"--idle", listen, session, "", in_seconds, "",
     "with a target of UDP: close when nothing has come or gone for so long (60; 0: never)"},
    {"--eof", forward, session, "", {choice, "wait|close|hold"}, "",
     "behind the end of what is forwarded: wait until the peer is silent, then close (the default); close at once, "
     "which says that end to a relay of wscope; or hold the connection until the peer closes it"},
    {"-w,--wait", forward, session, "", in_seconds, "",
     "how long the peer must be silent with --eof wait (60; -1: for ever)"},
    {"--idle", forward, session, "", in_seconds, "",
     "of UDP: close when nothing has come or gone for so long (60; 0: never)"},
    {"--max-clients", forward, session, "", {number, "N"}, "",
     "forward no more connections at a time, of UDP no more source addresses (64)"},
    {"--slow", listen, link, "", {choice, "drop|close"}, "",
     "a client that is sent to faster than it reads: close it (1008, the default), or drop what it has no room for"},
    {"-b,--binary", connect, link, "", {}, "--text", "send binary messages (as --in hex and base64 do)"},
    {"-b,--binary", listen, session, "", {}, "--text,--commands", "send binary messages (as --in hex and base64 do)"},
    {"-t,--text", connect, link, "", {}, "", "send text messages (as it is without this)"},
    {"-t,--text", listen, session, "", {}, "--commands", "send text messages (as it is without this)"},
    {"--echo", connect, link, "", {}, "--binary,--text,--eof,--wait,--execute,--stdin",
     "send every message back; stdin is not read, nothing is printed"},
    {"--eof", connect, session, "", {choice, "wait|close|hold"}, "",
     "after the last line: wait until the peer is silent, then close (the default without --count, --until and --for); "
     "close at once; or hold the connection until the peer closes it"},
    {"-w,--wait", connect, session, "", in_seconds, "",
     "how long the peer must be silent with --eof wait (1; -1: for ever)"},
    {"--eof", listen, session, "", {choice, "wait|close|hold"}, "--echo,--broadcast",
     "after the last line: hold, which is to go on serving (the default); wait until the clients are silent, then end "
     "(with --once, the default); or close at once"},
    {"-w,--wait", listen, session, "", in_seconds, "--echo,--broadcast",
     "as --eof wait, and how long the clients must be silent (1; -1: for ever)"},
    {"-x,--execute", connect, link, "", {text_or_file, "MESSAGE", repeatedly, never, may_be_empty}, "",
     "send this message first, written as --in has it; @FILE sends the bytes of a file, @@ is a text that begins with "
     "@; may be repeated; stdin is not read then"},
    {"--every", pipes, link, "", {text, "SECONDS TEXT", repeatedly, never, may_be_empty, 2}, "",
     "send this again and again, to each client of a server, first after so many seconds; may be repeated"},
    {"--rate", pipes, session, "", {number, "N"}, "--echo,--broadcast,--commands",
     "send at most so many messages a second, of --execute and of stdin, evenly"},
    {"--stdin", connect, session, "", {}, "", "with --execute: go on with stdin"},
    {"--no-stdin", connect, session, "", {}, "--stdin,--echo,--commands",
     "never read stdin: only listen, until the peer closes, or something else ends it"},
    {"--count", connect, session, "", {number, "N"}, "",
     "close after this many received messages; fewer are a failure"},
    {"-1,--one", connect, session, "", {}, "--count", "the same as --count 1"},
    {"--until", connect, session, "", {text, "MATCH", repeatedly}, "",
     "close after a received message that matches; none is a failure; may be repeated"},
    {"--until-json", connect, session, "", {text, "PATH=VALUE", repeatedly}, "",
     "the same as --until '.PATH == VALUE', where a VALUE that is not JSON is a string; may be repeated"},
    {"--expect", connect, session, "", {text, "MATCH", repeatedly}, "--echo",
     "wait for a message that matches before the next --execute, or to end; none is a failure; stdin is not read then; "
     "may be repeated"},
    {"--expect-timeout", connect, session, "", in_seconds, "",
     "how long each --expect waits, and each line with --lockstep (0: for ever)"},
    {"--lockstep", connect, session, "", {text, "MATCH", in_one_word}, "--echo,--no-stdin",
     "send a line of stdin only when a message, or one that matches, has come since the one before"},
    {"--reply", pipes, session, "", {text, "MATCH=TEXT", repeatedly}, "--echo,--broadcast",
     "answer a message that matches with this text; the first that matches answers; may be repeated"},
    {"--select", pipes, session, "", {text, "MATCH"}, "--echo,--broadcast", "print only messages that match"},
    {"--pick", pipes, session, "", {text, "PATH"}, "--echo,--broadcast",
     "print this part of messages that are JSON; a string without quotes; [] gives a line each"},
    {"--only", connect, session, "", {}, "--echo",
     "print only what --count counts and --until waits for, or else what the last --expect does"},
    {"--for", pipes, session, "", in_seconds, "", "end this long after the first connection is open (0: never)"},
    {"--json", echo, display, "", {}, "", "print all that happens, as JSON"},
    {"-c,--count", ping, session, "", {number, "N"}, "", "stop after so many pings; without it, at SIGINT"},
    {"-i,--interval", ping, session, "", in_seconds, "",
     "from one ping to the next (1; 0: the next when one is answered or lost)"},
    {"-W,--wait", ping, session, "", in_seconds, "", "how long an answer is waited for (10; 0: for ever)"},
    {"-s,--size", ping, session, "", {number, "BYTES"}, "", "the bytes of a payload, from 0 to 125 (8)"},
    {"--text", ping, session, "", {text, "TEMPLATE", in_one_word}, "",
     "send text messages, which equal ones answer, and not control frames: the payload in hex, or this with {{seq}} "
     "filled in"},
    {"--open", ping, session, "", {}, "", "make a new connection for each ping"},
    {"-q,--quiet", ping, display, "", {}, "", "print only the first lines and the summary, and nothing to stderr but errors"},
    {"--json", ping, display, "", {}, "", "print all that happens, as JSON"},
    {"--set", run, session, "", {text, "NAME=VALUE", repeatedly}, "",
     "set a variable, {{NAME}} in scripts; may be repeated"},
    {"--set-file", run, session, "", {file, "FILE", repeatedly}, "",
     "set the variables of a file, whose lines are NAME=VALUE or begin with #; --set wins; may be repeated"},
    {"--url", run, session, "", {url, "URL", once, userinfo}, "", "the same as --set url=URL"},
    {"--secret", run, session, "", {text, "NAME=VALUE", repeatedly, always}, "",
     "set a variable whose value is never shown; NAME=@FILE reads it, NAME alone is that of the environment; may be "
     "repeated"},
    {"--jobs", run, session, "", {number, "N"}, "", "run so many scripts at a time (1)"},
    {"--retry", run, session, "", {number, "N"}, "",
     "try a script that fails so many times more (0); if it passes then, it is called flaky"},
    {"--repeat", run, session, "", {number, "N"}, "", "run each script so many times (1)"},
    {"--shuffle", run, session, "", {number, "SEED", in_one_word}, "",
     "run the scripts in a random order; SEED, which is printed, makes it the same again"},
    {"--bail", run, session, "", {}, "", "begin no more scripts after one has failed"},
    {"--report", run, display, "", {choice, "text|tap|junit|json", repeatedly}, "",
     "what is printed (text); with a colon and a file behind it, what is written there; may be repeated"},
    {"--update", run, session, "", {}, "", "write the snapshots anew"},
    {"--dry-run", run, session, "", {}, "", "only read the scripts, and say what is wrong with them"},
    {"--listen", check, session, "", {text, "[ADDR:]PORT"}, "",
     "check a client: what stands behind -- is started once a case, with {url} replaced, or one of Autobahn's comes"},
    {"--agent", check, session, "", {text, "NAME"}, "", "what the endpoint is called in --report autobahn"},
    {"--list", check, session, "", {}, "", "only list the cases: id, role, level, section, and what is sent"},
    {"--json", check, session, "", {}, "", "with --list: as JSON, an object a line"},
    {"--only", check, session, "", {text, "ID", repeatedly}, "",
     "only these cases; * stands for any characters, commas separate; may be repeated"},
    {"--skip", check, session, "", {text, "ID", repeatedly}, "", "not these cases; the same; may be repeated"},
    {"--rfc", check, session, "", {text, "RFC/SECTION", repeatedly}, "",
     "only cases about this section and those below it, 6455/5.5; may be repeated"},
    {"--level", check, session, "", {choice, "must|should|info"}, "",
     "which results make the exit status 11: a MUST that is broken (the default); also a SHOULD; also what an attacker "
     "could use"},
    {"--aggressive", check, session, "", {}, "",
     "also cases that cost the other side memory, CPU or many connections"},
    {"--slow", check, session, "", {}, "", "also cases that take longer than 5 seconds"},
    {"--echo", check, session, "", {choice, "auto|yes|no"}, "",
     "whether the endpoint sends back what it is sent; auto finds out, which takes a second if it does not"},
    {"--say", check, session, "", {text, "MESSAGE", repeatedly}, "",
     "send this text after each open, such as a login; may be repeated"},
    {"--sample", check, session, "", {file, "FILE"}, "", "a text that the endpoint takes, for where one is needed"},
    {"--path-unknown", check, session, "", {text, "PATH"}, "", "a path that does not exist there"},
    {"--discover", check, session, "", {}, "",
     "only measure limits and habits, of the groups limit and net, and judge nothing"},
    {"--jobs", check, session, "", {number, "N"}, "", "make so many connections at a time (4)"},
    {"--retries", check, session, "", {number, "N"}, "",
     "carry out a case that fails so many times more (1; 0: not); if it passes then, it is called flaky"},
    {"--seed", check, session, "", {number, "N"}, "",
     "send the same masking keys, and keys of requests, as with this number before"},
    {"--evidence", check, session, "", {directory, "DIRECTORY"}, "",
     "write into this folder what was sent and seen of each case that fails or is warned of, and a script that shows it"},
    {"--baseline", check, session, "", {file, "FILE"}, "",
     "what is known to fail, as --write-baseline writes it: only what is new counts"},
    {"--write-baseline", check, session, "", {file, "FILE"}, "", "write to this file what fails, or is warned of"},
    {"--strict-baseline", check, session, "", {}, "", "a case that passes though it was to fail is a failure, too"},
    {"--report", check, display, "", {choice, "text|json|junit|tap|md|autobahn", repeatedly}, "",
     "what is printed (text); with a colon and a file behind it, what is written there; may be repeated"},
    {"--from", decode, session, "", {choice, "auto|hex|base64|raw|json|pcap|har"}, "",
     "what the input is: what it looks like (the default), hexadecimal digits in any usual shape, base64, the bytes "
     "themselves, events of --json, a capture (pcap or pcapng), or what a browser saved as HAR"},
    {"--role", decode, session, "", {choice, "client|server|auto"}, "",
     "who has sent it (auto: a head of HTTP or the first frame tells)"},
    {"--deflate", decode, session, "", {text, "PARAMETERS", once, never, may_be_empty}, "",
     "permessage-deflate was agreed on with these parameters, of which there may be none"},
    {"--port", decode, session, "", {text, "PORT"}, "",
     "of a capture, read only connections with this port, also those without their opening handshake"},
    {"--stream", decode, session, "", {text, "N"}, "",
     "read only the connection of this number: that of Wireshark's tcp.stream, in a HAR file from 1; also without its "
     "opening handshake"},
    {"--stats", decode, session, "", {}, "", "print numbers of frames, messages and violations, instead of frames"},
    {"--strict", decode, session, "", {}, "", "an end inside a frame or a message is a failure, too"},
    {"--json", decode, display, "", {}, "", "print frames and violations as JSON"},
    {"--dump-size", decode, display, "", bytes, "", "how many bytes of a frame are printed (256)"},
    {"--color", decode, display, "", {choice, "auto|always|never"}, "",
     "colours: if stdout is a terminal (the default), always or never"},
    {"--no-color", decode, display, "", {}, "--color", "the same as --color never"},
    {"--text", encode, session, "Items", {text, "TEXT", repeatedly, never, may_be_empty}, "", "a text message"},
    {"--binary", encode, session, "Items", {text, "HEX", repeatedly, never, may_be_empty}, "",
     "a binary message; also base64:DATA or @FILE"},
    {"--ping", encode, session, "Items", {text, "TEXT", in_one_word}, "", "a Ping; the next word is its payload"},
    {"--pong", encode, session, "Items", {text, "TEXT", in_one_word}, "", "a Pong; the next word is its payload"},
    {"--close", encode, session, "Items", {text, "CODE", in_one_word}, "",
     "a Close; the next word is its code (1000), the one behind it the reason"},
    {"--frame", encode, session, "Items", {text, "SPEC", repeatedly}, "",
     "any frame, legal or not: OPCODE [fin=0] [rsv=N] [mask=no|HEX] [len=N] [width=7|16|64] [PAYLOAD], as /frame has it"},
    {"--in", encode, session, "", {choice, "json"}, "--text,--binary,--ping,--pong,--close,--frame",
     "what to encode are lines of stdin: events, as connect reads them"},
    {"--role", encode, session, "", {choice, "client|server"}, "", "who sends it: a client masks (the default)"},
    {"--mask", encode, session, "", {text, "KEY"}, "",
     "the masking key of all frames that have none of their own, as 8 hexadecimal digits; random, which it is for a "
     "client; or none, which it is for a server"},
    {"--fragment", encode, session, "", {number, "N"}, "", "send messages in fragments of so many bytes"},
    {"--deflate", encode, session, "", {text, "PARAMETERS", once, never, may_be_empty}, "",
     "compress messages, with these parameters of permessage-deflate, of which there may be none"},
    {"--out", encode, session, "", {choice, "hex|raw|base64|c"}, "",
     "how it is printed: a line of hexadecimal digits or of base64 for each frame, the bytes, or as an array in C"},

    {"--allow", servers, link, clients, {text, "CIDR", repeatedly}, "",
     "let in only clients with such an address, 10.0.0.0/8 or 192.0.2.7; others are closed unread; may be repeated"},
    {"--unix-mode", forward, session, "", {text, "MODE"}, "", "the permissions of the file of unix:PATH (600)"},
    {"--unix-mode", servers, link, clients, {text, "MODE"}, "",
     "the permissions of the socket of unix:PATH (600)"},
    {"--allow-host", listen, link, clients, {text, "NAME", repeatedly}, "",
     "a name of this server that web pages may use, besides addresses and localhost; may be repeated; * is any"},
    {"--once", servers, link, clients, {}, "", "serve one client, then exit"},
    {"--max-clients", servers, link, clients, {number, "N"}, "", "refuse more clients at a time (503)"},
    {"--path", servers, link, clients, {text, "PATH"}, "", "the only path there is (404)"},
    {"-u,--user,--auth", servers, link, clients, {text, "USER:PASSWORD", once, password}, "",
     "the Basic credentials to ask for (401)"},
    {"-o,--origin", servers, link, clients, {text, "ORIGIN", repeatedly}, "",
     "let in only clients of this Origin (403), of none if it is none, of any if it is *; may be repeated"},
    {"-s,--subprotocol", servers, link, clients, {text, "NAME", repeatedly, never, may_be_empty}, "",
     "speak this subprotocol; may be repeated, best first"},
    {"-H,--header", servers, link, clients, {text_or_file, "'NAME: VALUE'", repeatedly, header, may_be_empty}, "",
     "a header of the answer, in place of our own; NAME: leaves it out, NAME; sends it empty; repeats are sent; "
     "@FILE reads them, one a line"},
    {"--no-compress", servers, link, clients, {}, "", "do not agree to permessage-deflate"},
    {"--compress", listen, session, clients, {}, "--no-compress", "with --relay: agree to permessage-deflate"},

    {"--exec", pipes, session, programs, {text, "CMD"},
     "--echo,--broadcast,--eof,--wait,--execute,--every,--rate,--stdin,--no-stdin,--count,--one,--until,--until-json,"
     "--expect,--expect-timeout,--lockstep,--reply,--select,--pick,--only,--commands,--stay,--timestamps",
     "as -- sh -c CMD: run this for each connection, whose messages are lines of its input and output; stdin is not "
     "read"},
    {"--exec-mode", pipes, session, programs, {choice, "client|message|shared"}, "",
     "a process a connection (the default), a process a message, whose output is the answer, or one for all"},
    {"--exec-format", pipes, session, programs, {choice, "lines|nul|whole|raw|base64|json"}, "",
     "what a message is to the program, and its output to the other side: a line (the default), what ends with a NUL, "
     "bytes that are one message together, bytes as each read gives them, a line of base64, or a line with an object"},
    {"--pty", pipes, session, programs, {text, "ROWSxCOLS", in_one_word}, "",
     "give the program a terminal (24x80): messages are keys, output is binary, or text with --text"},
    {"--exec-stderr", pipes, session, programs, {choice, "show|drop|send"}, "",
     "its stderr: show it on ours (the default), drop it, or send it, in objects that name the stream"},
    {"--exec-env", pipes, session, programs, {text, "NAME[=VALUE]", repeatedly}, "",
     "a variable for the program, ours or with this value; * is all of ours; may be repeated"},
    {"--exec-dir", pipes, session, programs, {directory, "DIRECTORY"}, "", "where the program begins"},
    {"--exec-max", pipes, session, programs, {number, "N"}, "", "run so many processes at a time (64); others get a 503"},
    {"--kill-after", pipes, session, programs, in_seconds, "",
     "how long a program has when its other side has left, before it is killed (5; -1: for ever)"},
    {"--exec-early", listen, session, programs, {seconds, "SECONDS", in_one_word}, "",
     "let a client in once the program has said something, or after SECONDS (0.25); if it ends before, the client gets "
     "a 502"},

    {"--in", pipes, session, formats, {choice, "lines|nul|whole|raw|hex|base64|json"}, "",
     "what is one message of stdin: a line (the default), what ends with a NUL, all of it, whatever a read gives (up "
     "to 64K, binary), a line of hex or base64, or a JSON object on a line"},
    {"--out", pipes, display, formats, {choice, "lines|nul|raw|hex|base64|json"}, "",
     "how a received message is printed: text with a line feed behind it and binary as it is (the default), with a "
     "NUL behind it, with nothing, as a line of hex or base64, or as JSON with all that happens"},
    {"--format", pipes, session, formats, {choice, "lines|nul|raw|hex|base64|json"}, "--in,--out", "for --in and --out"},
    {"--json", pipes, display, formats, {}, "--out,--format", "the same as --out json"},
    {"-0,--null", pipes, session, formats, {}, "--in,--out,--format,--json", "the same as --format nul"},
    {"--keep-newline", pipes, session, formats, {}, "--null,--commands",
     "leave the line feed, or CR and line feed, on a line of stdin"},
    {"--escape", pipes, session, formats, {}, "--commands",
     "read \\n, \\t, \\x1b, \\u20ac and the like in lines of stdin, and in --execute, as C does"},
    {"--timestamps", pipes, display, formats, {choice, "absolute|relative", in_one_word}, "",
     "print in front of each message when it came: the time (without a word), or seconds since the one before"},

    {"-H,--header", requesting, link, request, {text_or_file, "'NAME: VALUE'", repeatedly, header, may_be_empty}, "",
     "a header, in place of our own; NAME: leaves it out, NAME; sends it empty; repeats are sent; @FILE reads them, "
     "one a line"},
    {"-s,--subprotocol", own_s, link, request, {text, "NAME", repeatedly, never, may_be_empty}, "",
     "offer a subprotocol; may be repeated"},
    {"--subprotocol", ping, link, request, {text, "NAME", repeatedly, never, may_be_empty}, "",
     "offer a subprotocol; may be repeated"},
    {"-o,--origin", requesting, link, request, {text, "ORIGIN"}, "", "the Origin header"},
    {"--host", requesting, link, request, {text, "HOST"}, "", "the Host header, in place of the URL's"},
    {"-A,--user-agent", requesting, link, request, {text, "NAME", once, never, may_be_empty}, "",
     "the User-Agent header; empty: none"},
    {"-u,--user,--auth", requesting, link, request, {text, "USER[:PASSWORD]", once, password}, "",
     "Basic credentials; without a password, it is asked for on the terminal"},
    {"--bearer", requesting, link, request, {text_or_file, "TOKEN", once, unless_file}, "",
     "a bearer token, or @FILE whose first line is one"},
    {"--cookie", requesting, link, request, {text_or_file, "NAME=VALUE", repeatedly, unless_file, may_be_empty}, "",
     "a cookie; may be repeated; @FILE reads them, one a line or a Netscape file"},
    {"-p,--protocol-version,--protocol", outgoing, link, request, {number, "N"}, "", "Sec-WebSocket-Version (13)"},

    {"-4,--ipv4", requesting, link, way, {}, "--ipv6", "connect to IPv4 addresses only"},
    {"-6,--ipv6", requesting, link, way, {}, "", "connect to IPv6 addresses only"},
    {"--proxy", requesting, link, way, {text, "PROXY", once, userinfo, may_be_empty}, "",
     "go through this proxy and not one of the environment: "
     "[http|https|socks5|socks5h://][USER:PASSWORD@]HOST[:PORT]; empty: through none"},
    {"--proxy-user", requesting, link, way, {text, "USER[:PASSWORD]", once, password}, "",
     "the credentials for the proxy, unless its URL has some; without a password, it is asked for"},
    {"--unix-socket", requesting, link, way, {socket, "PATH"}, "",
     "connect to this Unix domain socket, whatever the URL's host"},
    {"--resolve", requesting, link, way, {text, "HOST:PORT:ADDRESS", repeatedly}, "",
     "the addresses of a host at a port; one, or more with commas; HOST may be *; may be repeated"},
    {"--connect-to", requesting, link, way, {text, "HOST1:PORT1:HOST2:PORT2", repeatedly}, "",
     "connect to HOST2:PORT2 in place of HOST1:PORT1, each of which may be empty; may be repeated"},
    {"-L,--location", outgoing, link, way, {}, "", "follow redirections; credentials stay with their origin"},
    {"--max-redirects", outgoing, link, way, {number, "N"}, "", "with --location: how many (10)"},
    {"--reconnect", connect, link, way, {number, "MAX", in_one_word}, "",
     "connect again when that fails or the connection is lost; after half a second and then ever longer; end after "
     "MAX failures in a row"},

    {"--ca,--cacert", requesting, link, tls, {file, "FILE"}, "", "trust these issuers (PEM) in place of the system's"},
    {"--capath", requesting, link, tls, {directory, "DIRECTORY"}, "",
     "trust the issuers in this directory, whose names are their hash"},
    {"-n,-k,--no-check,--insecure", requesting, link, tls, {}, "", "do not check the server's certificate"},
    {"--pin", requesting, link, tls, {text, "DIGEST", repeatedly}, "",
     "the server has this key (sha256//BASE64), which is trust enough unless there is --ca; may be repeated"},
    {"--servername", requesting, link, tls, {text, "NAME", once, never, may_be_empty}, "",
     "the name to ask for and to find in the certificate; empty: ask for none"},
    {"--tls", servers, link, tls, {}, "", "speak TLS; without --cert, with a certificate that is made in memory"},
    {"--tls", check, link, tls, {}, "",
     "with --listen: speak TLS; without --cert, with certificates that are made in memory"},
    {"--tls-out", check, link, tls, {file, "FILE"}, "",
     "with --listen: write the certificate that clients are to trust to this file (PEM)"},
    {"--client-ca", servers, link, tls, {file, "FILE"}, "",
     "let in only clients with a certificate of these issuers (PEM)"},
    {"--tls-out", servers, link, tls, {file, "FILE"}, "",
     "write our certificate, not its key, to this file, for clients to trust (PEM)"},
    {"--cert", secured, link, tls, {file, "FILE"}, "",
     "our certificate, and those between it and its root (PEM, or PKCS#12 with the key)"},
    {"--key", secured, link, tls, {file, "FILE"}, "", "its private key (the file of --cert)"},
    {"--passphrase", secured, link, tls, {text, "P", in_one_word, always}, "",
     "the passphrase of the key or of PKCS#12; asked for on the terminal without P"},
    {"--tls-min", secured, link, tls, {choice, "1.2|1.3"}, "", "the oldest version of TLS to speak (1.2)"},
    {"--ciphers", secured, link, tls, {text, "LIST"}, "",
     "the ciphers to choose from, as OpenSSL writes them; those that begin with TLS_ are of TLS 1.3"},

    {"--no-compress", outgoing, link, compression, {}, "--compress", "do not offer permessage-deflate"},
    {"--compress", outgoing, link, compression, {text, "PARAMETERS", once, never, may_be_empty}, "",
     "offer permessage-deflate with these parameters, as in server_max_window_bits=10; client_no_context_takeover, "
     "or as a header has it"},
    {"--compress-level", all, link, compression, {number, "N"}, "--no-compress",
     "how hard to compress what is sent: from 1, fast, to 9, small (6)"},

    {"--max-size", all, link, limits, bytes, "",
     "the longest message that is received (none, or 16M where a message must be held)"},
    {"--max-frame", all, link, limits, bytes, "", "the longest frame that is received (none)"},
    {"--max-header", all, link, limits, bytes, "", "the longest head of a request or response (64K)"},
    {"--max-held", all, session, limits, bytes, "",
     "what is held of messages of all connections together (256M); who would exceed it is closed (1013)"},

    {"--connect-timeout", requesting, link, timeouts, in_seconds, "", "for the name and the TCP connection (10; 0: none)"},
    {"--connect-timeout", listen, session, timeouts, in_seconds, "",
     "with --relay: for the target's name and the connection to it (10; 0: none)"},
    {"--handshake-timeout", all, link, timeouts, in_seconds, "", "for the upgrade (10; 0: none)"},
    {"--close-timeout", all, link, timeouts, in_seconds, "", "for the peer to answer a Close (10; 0: none)"},
    {"--ping-interval", long_lived, link, timeouts, in_seconds, "", "send a Ping this often (0: never)"},
    {"--ping-timeout", long_lived, link, timeouts, in_seconds, "",
     "how long after such a Ping a silent peer is taken for lost (10; 0: for ever)"},
    {"--timeout", timed, session, timeouts, in_seconds, "", "for the whole run (0: none)"},
    {"--within", run, session, timeouts, in_seconds, "", "for an expectation that says nothing else (5)"},
    {"--case-timeout", check, session, timeouts, in_seconds, "", "for what a case waits for (3)"},
    {"--idle-max", check, session, timeouts, in_seconds, "",
     "with --slow: say nothing for so long, to see whether that ends the connection (300)"},
    {"--timeout", check, session, timeouts, in_seconds, "", "for all cases (0: none)"},
    {"--timeout", run, session, timeouts, in_seconds, "", "for each script (0: none)"},

    {"-v,--verbose", all, display, diagnostics, {none, "", repeatedly}, "--quiet",
     "print to stderr what both sides say in the opening handshake, what they agree on and how it ends; -vv: the "
     "frames too"},
    {"-v,--verbose", run, display, diagnostics, {none, "", repeatedly}, "",
     "print every frame to stderr; in TAP, each section of a script is a point of a subtest"},
    {"-v,--verbose", check, display, diagnostics, {none, "", repeatedly}, "",
     "show cases that have passed, too; -vv: also what was sent and seen"},
    {"-q,--quiet", long_lived, display, diagnostics, {}, "", "print nothing to stderr but errors"},
    {"--frames", all, display, diagnostics, {}, "",
     "print every frame with its bytes, to stderr or, with --json, as an event"},
    {"--dump-size", all, display, diagnostics, bytes, "", "how many bytes of a frame are printed (256)"},
    {"--show", with_events, display, diagnostics, {choice, "sent"}, "", "with --json: what is sent, too"},
    {"--write-out", connect, session, diagnostics, {text_or_file, "FORMAT"}, "--commands",
     "print this to stderr at the end, with %{url}, %{http_code}, %{time_total}, %{json} and others filled in; @FILE "
     "reads it"},

    {"--commands", pipes, display, terminal, {file, "FILE"}, "--stdin,--count,--one,--until,--until-json,--expect,--lockstep,--reply,--select,--pick,--only,--in,--format,"
     "--null",
     "without a person: obey the lines of this file (-: stdin) as if they were typed, then end as after the last "
     "line of stdin"},
    {"--color", colored, display, terminal, {choice, "auto|always|never"}, "",
     "colours: if stdout is a terminal (the default), always or never"},
    {"--no-color", colored, display, terminal, {}, "--color", "the same as --color never"},
    {"--json-pretty", pipes, display, terminal, {}, "", "show JSON messages indented"},
    {"-P,--show-ping-pong", pipes, display, terminal, {}, "", "show Ping, Pong and Close as they come"},
    {"--stay", connect, display, terminal, {}, "--commands", "go on when the connection is over"},
    {"--no-history", pipes, display, terminal, {}, "", "do not keep what is typed"},
    {"--slash", pipes, display, terminal, {}, "", "lines with / are commands, as they always are"},
};
// clang-format on

}  // namespace rows

/// The long name of an option that is in the table, perhaps with "=VALUE" behind it: other texts do not compile.
class OptionName {
 public:
  constexpr OptionName() = default;  ///< none
  // NOLINTNEXTLINE(google-explicit-constructor): it is a text that was looked up
  consteval OptionName(const char* text) : text_(text) {
    const std::string_view name = text_.substr(0, text_.find('='));
    while (row_ != std::end(rows::table) && !(name.starts_with("--") && row_->is_named(name))) ++row_;
    if (row_ == std::end(rows::table)) there_is_no_such_option();
  }
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  /// The first one that has it; other commands may have others.
  [[nodiscard]] constexpr const Option* row() const noexcept { return row_; }

 private:
  static void there_is_no_such_option();  // which nobody defines

  std::string_view text_{};
  const Option* row_ = std::begin(rows::table);
};

/// The row of an option that `command`, which is one, has by that name, "-w" or "--wait"; nothing if it has none.
[[nodiscard]] const Option* find_option(CommandSet command, std::string_view name) noexcept;
[[nodiscard]] const Option* row_of(CommandSet command, OptionName name) noexcept;

/// The rows of a command.
[[nodiscard]] std::vector<const Option*> options_of(CommandSet command);

}  // namespace wscope::cli
