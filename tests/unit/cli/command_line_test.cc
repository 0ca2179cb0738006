#include "cli/command_line.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using cli::parse_command_line;

namespace {

/// Which of the options a help does not show.
Arguments missing(const std::string& help, const Arguments& options) {
  Arguments missing;
  for (const std::string& option : options) {
    if (help.find("  " + option) == std::string::npos) missing.push_back(option);
  }
  return missing;
}

const Arguments options_of_all = {"-h,--help",
                                  "--json",
                                  "-o,--origin ORIGIN",
                                  "--no-compress",
                                  "-s,--subprotocol NAME",
                                  "-H,--header 'NAME: VALUE'",
                                  "--max-size N[KMG]",
                                  "--max-frame N[KMG]",
                                  "--max-header N[KMG]",
                                  "--handshake-timeout SECONDS",
                                  "--close-timeout SECONDS",
                                  "--ping-interval SECONDS",
                                  "--ping-timeout SECONDS",
                                  "-v,--verbose",
                                  "-q,--quiet",
                                  "--frames",
                                  "--dump-size N[KMG]",
                                  "--show sent",
                                  "--cert FILE",
                                  "--key FILE",
                                  "--passphrase[=P]",
                                  "--tls-min 1.2|1.3",
                                  "--ciphers LIST"};

const Arguments options_of_messages = {"-b,--binary",
                                       "-t,--text",
                                       "--in lines|nul|whole|raw|hex|base64|json",
                                       "--out lines|nul|raw|hex|base64|json",
                                       "--format lines|nul|raw|hex|base64|json",
                                       "--keep-newline",
                                       "--escape",
                                       "--timestamps[=absolute|relative]",
                                       "--every SECONDS TEXT",
                                       "--rate N",
                                       "-0,--null"};

const Arguments options_of_connect = {"-c,--connect URL",
                                      "--eof wait|close|hold",
                                      "-w,--wait SECONDS",
                                      "-x,--execute MESSAGE",
                                      "--stdin",
                                      "--count N",
                                      "-1,--one",
                                      "--until MATCH",
                                      "--host HOST",
                                      "-A,--user-agent NAME",
                                      "--bearer TOKEN",
                                      "--cookie NAME=VALUE",
                                      "-p,--protocol-version,--protocol N",
                                      "--compress PARAMETERS",
                                      "--connect-timeout SECONDS",
                                      "--timeout SECONDS",
                                      "-u,--user,--auth USER[:PASSWORD]",
                                      "-4,--ipv4",
                                      "-6,--ipv6",
                                      "--proxy PROXY",
                                      "--proxy-user USER[:PASSWORD]",
                                      "--echo",
                                      "--unix-socket PATH",
                                      "--resolve HOST:PORT:ADDRESS",
                                      "--connect-to HOST1:PORT1:HOST2:PORT2",
                                      "-L,--location",
                                      "--max-redirects N",
                                      "--reconnect[=MAX]",
                                      "--ca,--cacert FILE",
                                      "--capath DIRECTORY",
                                      "-n,-k,--no-check,--insecure",
                                      "--pin DIGEST",
                                      "--servername NAME"};

const Arguments options_of_servers = {"-l,--listen PORT", "--once", "--max-clients N",
                                      "--path PATH",      "--tls",  "-u,--user,--auth USER:PASSWORD",
                                      "--client-ca FILE"};

const Arguments options_of_listen = {"--echo", "--broadcast", "--slow drop|close"};

}  // namespace

TEST_CASE("the version is asked for by either name") {
  CHECK(shown({"--version"}).starts_with("wscope "));
  CHECK(shown({"-V"}) == shown({"--version"}));
}

TEST_CASE("a generated text is asked for in one word or in two") {
  CHECK(shown({"--generate", "fish"}).find("complete -c wscope") != std::string::npos);
  CHECK(shown({"--generate=fish"}) == shown({"--generate", "fish"}));
  CHECK(shown({"--generate=man", "run"}) == shown({"--generate", "man", "run"}));
  CHECK(shown({"--generate", "man", "run"}) != shown({"--generate", "man"}));
  CHECK(complaint({"--generate"}) == "--generate wants man, with a command if need be, bash, zsh or fish, not \"\"");
}

TEST_CASE("the help names the commands") {
  for (const char* usage :
       {"wscope [connect] [OPTIONS] URL", "wscope listen [OPTIONS] [[ADDR:]PORT]",
        "wscope echo [OPTIONS] [[ADDR:]PORT]", "wscope run [OPTIONS] FILE...", "wscope curl ARGS...", "wscope echo:"}) {
    CHECK(shown({"--help"}).find(usage) != std::string::npos);
  }
  CHECK(shown({"-h"}) == shown({"--help"}));
}

TEST_CASE("the help of a command names its options") {
  const std::string client = shown({"connect", "--help"});
  CHECK(missing(client, options_of_all) == Arguments{});
  CHECK(missing(client, options_of_messages) == Arguments{});
  CHECK(missing(client, options_of_connect) == Arguments{});
  const std::string server = shown({"listen", "--help"});
  CHECK(missing(server, options_of_all) == Arguments{});
  CHECK(missing(server, options_of_messages) == Arguments{});
  CHECK(missing(server, options_of_servers) == Arguments{});
  CHECK(missing(server, options_of_listen) == Arguments{});
  const std::string echo = shown({"echo", "--help"});
  CHECK(missing(echo, options_of_all) == Arguments{});
  CHECK(missing(echo, options_of_servers) == Arguments{});
  CHECK(missing(echo, options_of_messages) == options_of_messages);
  CHECK(echo.find("[ADDR:]PORT") != std::string::npos);
}

TEST_CASE("help is asked for anywhere") {
  const auto usage = [](const Arguments& arguments) {
    const std::string help = shown(arguments);
    return help.substr(0, help.find("Positionals:"));
  };
  for (const Arguments& arguments : {Arguments{"connect", "-h"}, Arguments{"host", "--help"}, Arguments{"-b", "-h"},
                                     Arguments{"--eof", "hold", "host", "-h"}}) {
    CHECK(usage(arguments).find("Usage: wscope [connect] [OPTIONS]") != std::string::npos);
  }
  for (const Arguments& arguments : {Arguments{"listen", "80", "-h"}, Arguments{"-l", "80", "--help"}}) {
    CHECK(usage(arguments).find("Usage: wscope listen [OPTIONS]") != std::string::npos);
  }
  CHECK(usage({"echo", "-h"}).find("Usage: wscope echo [OPTIONS]") != std::string::npos);
  CHECK(shown({"-h", "host"}) == shown({"--help"}));
}

TEST_CASE("-l makes a server, as in wscat, wherever it stands") {
  for (const Arguments& arguments :
       {Arguments{"-l", "81"}, Arguments{"--listen", "81"}, Arguments{"--listen=81"}, Arguments{"-l", "81", "-v"},
        Arguments{"-v", "-l", "81"}, Arguments{"-s", "a", "-l", "81", "-o", "b"}, Arguments{"-H", "A: b", "-l", "81"},
        Arguments{"--max-clients", "3", "--listen=81"}, Arguments{"-l", "81", "--json"}}) {
    CHECK(served(arguments).address.port == 81);
    CHECK(served(arguments).address.host.empty());
    CHECK(served(arguments).service == link::ServiceKind::pipe);
  }
  CHECK(served({"-l", "0.0.0.0:81"}).address.host == "0.0.0.0");
  CHECK(served({"-l", "81", "--echo"}).service == link::ServiceKind::echo);
  CHECK(served({"--broadcast", "-l", "81"}).service == link::ServiceKind::broadcast);
  CHECK(served({"--auth", "me:secret", "-l", "81"}).admission.credentials.has_value());
  CHECK(complaint({"-l"}).find("--listen") == 0);
  CHECK(complaint({"-l", "http"}) == "not a port: http");
  CHECK(complaint({"-l", "-1"}) == "not a port: -1");
  CHECK(complaint({"-l", "81", "82"}) == "[ADDR:]PORT excludes --listen");
  CHECK(complaint({"host", "-l", "81"}) == "[ADDR:]PORT excludes --listen");
}

TEST_CASE("clients and servers have their own options") {
  CHECK(complaint({"connect", "-l", "80"}).find("-l") != std::string::npos);
  CHECK(complaint({"listen", "-c", "host"}).find("-c") != std::string::npos);
  complaint({"-c", "host", "-l", "80"});
}

TEST_CASE("a command is the first argument, in lower case") {
  CHECK(served({"echo"}).service == link::ServiceKind::echo);
  CHECK(connect({"echo:"}).endpoint.embedded);
  CHECK(connect({"ECHO"}).endpoint.url.host == "echo");
  CHECK(connect({"-b", "echo"}).endpoint.url.host == "echo");
  CHECK(complaint({"connect", "listen", "80"}) == "The following argument was not expected: 80");
}

TEST_CASE("what cannot be understood is a usage error that names it") {
  CHECK(complaint({""}) == "URL: empty");
  CHECK(complaint({"host", "other"}) == "The following argument was not expected: other");
  CHECK(complaint({"--nonsense", "host"}) == "unknown option --nonsense");
  CHECK(complaint({"-z", "host"}) == "unknown option -z");
  CHECK(complaint({"--Binary", "host"}) == "unknown option --Binary");
  CHECK(complaint({"--bin", "host"}) == "unknown option --bin");
  CHECK(complaint({"host", "-V"}) == "unknown option -V");
  CHECK(complaint({"host", "--binary=maybe"}).find("--binary") != std::string::npos);
  CHECK(complaint({"host", "--eof"}).find("--eof") != std::string::npos);
  CHECK(complaint({"ftp://host"}).find("ws://") != std::string::npos);
  CHECK(complaint({"echo", "eighty"}) == "not a port: eighty");
  CHECK(complaint({"echo", "80", "81"}) == "The following argument was not expected: 81");
  CHECK(complaint({"echo", "-b"}) == "unknown option -b");
}

TEST_CASE("a usage error hints at the help") {
  for (const Arguments& arguments : {Arguments{"-z", "host"}, Arguments{"host", "--count", "0"},
                                     Arguments{"listen", ""}, Arguments{"echo", "--max-size=x"}}) {
    const auto command = parse_command_line(arguments);
    REQUIRE(!command.ok());
    CHECK(command.error().hint == "try wscope --help");
  }
}

TEST_CASE("an unknown option hints at the nearest one of its command") {
  const auto hint = [](const Arguments& arguments) {
    const auto command = parse_command_line(arguments);
    REQUIRE(!command.ok());
    CHECK(command.error().message.starts_with("unknown option -"));
    return command.error().hint;
  };
  CHECK(hint({"--herder", "a", "host"}) == "did you mean --header?");
  CHECK(hint({"host", "--subprotocl=a"}) == "did you mean --subprotocol?");
  CHECK(hint({"host", "--Binary"}) == "did you mean --binary?");
  CHECK(hint({"host", "--bin"}) == "did you mean --binary?");
  CHECK(hint({"host", "-json"}) == "did you mean --json?");
  CHECK(hint({"host", "-binary"}) == "did you mean --binary?");
  CHECK(hint({"host", "-vv", "-max-size=3"}) == "did you mean --max-size?");
  CHECK(hint({"host", "-V"}) == "did you mean -v?");
  CHECK(hint({"listen", "--brodcast"}) == "did you mean --broadcast?");
  CHECK(hint({"echo", "--max-client", "3"}) == "did you mean --max-clients?");
  CHECK(hint({"-l", "80", "--max-clint", "3"}) == "did you mean --max-clients?");
  CHECK(hint({"curl", "host", "--herder", "a"}) == "did you mean --header?");
  CHECK(hint({"curl", "host", "--data-bianry", "a"}) == "did you mean --data-binary?");
  CHECK(hint({"curl", "host", "--max-siz", "a"}) == "did you mean --max-size?");
  CHECK(hint({"curl", "host", "-Q"}) == "try wscope --help");
  CHECK(hint({"host", "--bogus"}) == "try wscope --help");
  CHECK(hint({"host", "-z"}) == "try wscope --help");
}

TEST_CASE("an unknown option is said to be one whatever else is wrong, and without what may be a value") {
  CHECK(complaint({"--bogus", "value", "-c", "host"}) == "unknown option --bogus");
  CHECK(complaint({"--bogus", "--count="}) == "unknown option --bogus");
  CHECK(complaint({"host", "--bearerc2VjcmV0"}) == "unknown option --bearer...");
  CHECK(complaint({"host", "--user:me:secret"}) == "unknown option --user");
  CHECK(complaint({"echo", "8080", "--", "--bogus"}) == "The following argument was not expected: --bogus");
  CHECK(complaint({"-H", "Authorization:", "Bearer", "secret", "host"}) ==
        "an argument too many, behind a header in two words: quote it, as in 'Name: value'");
}

TEST_CASE("an error is one line whatever was typed") {
  CHECK(complaint({"host", "--wait=1\n2"}) == "--wait wants a number of seconds, not \"1 2\"");
  CHECK(complaint({"listen", "a\nb"}) == "not a port: a b");
}

TEST_CASE("the help is the same each time, and says nothing of what excludes what") {
  for (const char* command : {"connect", "listen", "echo"}) {
    CHECK(shown({command, "--help"}) == shown({command, "-h"}));
    CHECK(shown({command, "--help"}).find("Excludes") == std::string::npos);
  }
}

TEST_CASE("-l is a value where a client's option wants one, and no option behind two dashes") {
  CHECK(connect({"-x", "-l", "host"}).first_messages.at(0).payload == "-l");
  CHECK(connect({"-b", "--", "-l"}).endpoint.url.host == "-l");
  CHECK(served({"-l8080"}).address.port == 8080);
}

TEST_CASE("a line that was copied as cURL is a client") {
  const session::ConnectCommand command =
      connect({"curl", "wss://host/chat", "-H", "Origin: https://host", "--compressed", "-s", "--one"});
  CHECK(command.endpoint.url.text() == "wss://host/chat");
  CHECK(command.request.headers.find("Origin") != nullptr);
  CHECK(command.count == 1);
  CHECK(command.notices == Arguments{"ignored, as it means nothing here: --compressed, -s"});
  CHECK(connect({"curl", "curl", "wss://host"}).endpoint.url.host == "host");
  CHECK(connect({"curl", "wss://host"}).notices.empty());
  CHECK(connect({"connect", "curl"}).endpoint.url.host == "curl");
  CHECK(complaint({"curl"}) == "no URL");
  CHECK(complaint({"curl", "-s"}) == "no URL");
  CHECK(complaint({"curl", "host", "--nonsense=secret"}) == "unknown option --nonsense");
  CHECK(complaint({"curl", "host", "-u"}) == "curl's -u wants a value");
}

TEST_CASE("the help of curl is short") {
  for (const Arguments& arguments :
       {Arguments{"curl", "--help"}, Arguments{"curl", "-h"}, Arguments{"curl", "host", "-sh"}}) {
    CHECK(shown(arguments).find("Usage: wscope curl ARGS...") != std::string::npos);
  }
}

TEST_CASE("credentials are never repeated") {
  for (const Arguments& arguments : {Arguments{"host", "ws://me:secret@host"},
                                     Arguments{"echo", "ws://me:secret@host"},
                                     Arguments{"-w", "me:secret@host", "host"},
                                     Arguments{"--me:secret@host"},
                                     Arguments{"ws://me:secret@host:x"},
                                     Arguments{"--eof", "ws://me:secret@host", "host"},
                                     Arguments{"host", "--wait=me:secret@host"},
                                     Arguments{"-l", "ws://me:secret@host:80"},
                                     Arguments{"-c", "ws://me:secret@host:x"},
                                     Arguments{"-l", "81", "ws://me:secret@host"},
                                     Arguments{"host", "-p", "me:secret@host"},
                                     Arguments{"host", "ws://b@c", "me:secret@host"},
                                     Arguments{"host", "--wait=me:se://cret@host"},
                                     Arguments{"host", "-z", "secret"},
                                     Arguments{"host", "--token", "secret"},
                                     Arguments{"host", "--max-size", "ws://me:secret@host"},
                                     Arguments{"host", "--in", "ws://me:secret@host"},
                                     Arguments{"host", "-u", "me:secret\n"},
                                     Arguments{"host", "-u", "secret\n"},
                                     Arguments{"host", "-zsecret"},
                                     Arguments{"host", "--passphrse=secret"},
                                     Arguments{"host", "--passphrase", "secret"},
                                     Arguments{"host", "--passphrase=secret"},
                                     Arguments{"host", "--proxy", "http://me:secret@"},
                                     Arguments{"host", "--proxy=ftp://me:secret@proxy"},
                                     Arguments{"host", "--prxy=http://me:secret@proxy"},
                                     Arguments{"host", "--pin", "secret"},
                                     Arguments{"curl", "host", "-U", "me:secret\n"},
                                     Arguments{"curl", "host", "-d", "secret"},
                                     Arguments{"curl", "host", "-X", "secret"},
                                     Arguments{"curl", "host", "-H", "Sec-WebSocket-Protocol: \"secret\""},
                                     Arguments{"host", "-u", "me:secret", "--bearer", "secret"},
                                     Arguments{"host", "-H", "secret"},
                                     Arguments{"host", "-H", "Authorization: secret\n"},
                                     Arguments{"host", "--bearer", "secret\n"},
                                     Arguments{"host", "--cookie", "a=secret\n"},
                                     Arguments{"listen", "80", "-u", "secret"},
                                     Arguments{"host", "--binary=ws://me:secret@host"}}) {
    CHECK(complaint(arguments).find("secret") == std::string::npos);
  }
}
