#include "cli/serve_arguments.h"

#include <cstdint>
#include <limits>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using link::ServiceKind;
using link::SlowClient;
using session::AtEof;
using session::ServeCommand;

namespace {

const Arguments commands[] = {{"listen"}, {"echo"}};

/// What they ask for behind `wscope listen`.
link::Admission admission(const Arguments& options) { return with<ServeCommand>(options).admission; }
std::string complaint_of_listen(const Arguments& options) { return complaint_with<ServeCommand>(options); }

/// A command with options, with its port in front of them or behind them.
Arguments in_front(Arguments command, const Arguments& options) {
  command.push_back("80");
  command.insert(command.end(), options.begin(), options.end());
  return command;
}
Arguments behind(Arguments command, const Arguments& options) {
  command.insert(command.end(), options.begin(), options.end());
  command.push_back("80");
  return command;
}

}  // namespace

TEST_CASE("a server has what is usual") {
  for (const Arguments& arguments : {Arguments{"listen", "8081"}, Arguments{"echo", "8081"}}) {
    const ServeCommand command = served(arguments);
    CHECK(command.address.host.empty());
    CHECK(command.address.port == 8081);
    CHECK(!command.once);
    CHECK(command.slow == SlowClient::close);
    CHECK(command.compression);
    CHECK(command.admission.path.empty());
    CHECK(!command.admission.credentials);
    CHECK(command.admission.origins.empty());
    CHECK(command.admission.subprotocols.empty());
    CHECK(command.admission.headers.empty());
    CHECK(!command.admission.max_clients);
  }
}

TEST_CASE("a server listens on a port of this machine, or on an address") {
  for (const Arguments& command : commands) {
    const auto address = [&command](const std::string& text) { return served({command.front(), text}).address; };
    CHECK(address("0").port == 0);
    CHECK(address("65535").port == 65535);
    CHECK(address(":82").port == 82);
    CHECK(address(":82").host.empty());
    CHECK(address("localhost:82").host.empty());
    CHECK(address("0.0.0.0:81").host == "0.0.0.0");
    CHECK(address("0.0.0.0:81").port == 81);
    CHECK(address("[::]:81").host == "::");
  }
  CHECK(served({"echo", "--", "8081"}).address.port == 8081);
}

TEST_CASE("a server listens on a Unix domain socket") {
  const ServeCommand usual = served({"listen", "unix:/run/a b"});
  CHECK(usual.address.unix_path == "/run/a b");
  CHECK(usual.address.unix_mode == 0600);
  CHECK(served({"listen", "--unix-mode", "0660", "unix:a"}).address.unix_mode == 0660);
  for (const char* mode : {"1777", "9", "rw", "-1", "6 "}) {
    CHECK(complaint({"listen", "--unix-mode", mode, "unix:a"}).find("--unix-mode wants permissions in octal") == 0);
  }
  CHECK(complaint_of_listen({"--unix-mode", "600"}).find("--unix-mode is for listening on unix:PATH") == 0);
  CHECK(complaint({"listen", "unix:"}).find("the path of a socket has 1 to ") == 0);
  CHECK(complaint({"listen", "--allow", "::1", "unix:a"}).find("--allow is for addresses") == 0);
}

TEST_CASE("a server may let in only some addresses") {
  CHECK(admission({}).addresses.empty());
  const auto ranges = admission({"--allow", "10.0.0.0/8", "--allow", "::1"}).addresses;
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0] == net::AddressRange::parse("10.0.0.0/8").value());
  CHECK(complaint_of_listen({"--allow", "example.com"}).find("--allow example.com: not an address") == 0);
}

TEST_CASE("a server may have files besides") {
  CHECK_FALSE(served({"listen", "80"}).www.has_value());
  CHECK_FALSE(served({"listen", "80"}).has_pages);
  const ServeCommand command = served({"echo", "--www", "/srv/a", "--www-list", "80"});
  REQUIRE(command.www.has_value());
  CHECK(command.www->folder == "/srv/a");
  CHECK(command.www->lists);
  CHECK(command.has_pages);
  CHECK_FALSE(served({"listen", "--www", ".", "80"}).www->lists);
  CHECK(complaint_of_listen({"--www-list"}) == "--www-list needs --www");
  CHECK(complaint_of_listen({"--echo", "--allow-host", "a"}).find("--allow-host says nothing to --echo") == 0);
  CHECK(served({"listen", "--echo", "--allow-host", "a", "--www", "."}).admission.allowed_hosts.size() == 1);
}

TEST_CASE("a certificate is written only if there is one") {
  const ServeCommand command = with<ServeCommand>({"--tls", "--tls-out", "a.pem"});
  CHECK(command.certificate_copy == "a.pem");
  CHECK(complaint_of_listen({"--tls-out", "a.pem"}) == "--tls-out needs --tls");
}

TEST_CASE("a server has a usual port") {
  CHECK(served({"echo"}).address.port == 8080);
  CHECK(served({"echo"}).address.host.empty());
  CHECK(served({"listen"}).address.port == 8080);
  CHECK(served({"listen", "--broadcast"}).address.port == 8080);
}

TEST_CASE("what is no port is a usage error") {
  for (const Arguments& command : commands) {
    const auto error = [&command](const std::string& text) { return complaint({command.front(), text}); };
    CHECK(error("eighty") == "not a port: eighty");
    CHECK(error("65536") == "not a port: 65536");
    CHECK(error("127.0.0.1") == "not a port: 127.0.0.1");
    CHECK(error(":") == "not a port: ");
    CHECK(error("[::1]") == "no port behind [::1]");
    CHECK(error("::1:80") == "an IPv6 address needs brackets: ::1:80");
    CHECK(complaint({command.front(), "80", "81"}) == "The following argument was not expected: 81");
  }
}

TEST_CASE("the port may stand behind -l") {
  for (const Arguments& command : commands) {
    CHECK(served({command.front(), "-l", "83"}).address.port == 83);
    CHECK(served({command.front(), "-l83"}).address.port == 83);
    CHECK(served({command.front(), "--listen=0.0.0.0:83"}).address.host == "0.0.0.0");
    CHECK(complaint({command.front(), "-l", "83", "84"}) == "[ADDR:]PORT excludes --listen");
    CHECK(complaint({command.front(), "-l", "83", "-l", "84"}).find("--listen") == 0);
    CHECK(complaint({command.front(), "-l"}).find("--listen") == 0);
    CHECK(complaint({command.front(), "-l", "http"}) == "not a port: http");
  }
}

TEST_CASE("a server is a pipe, an echo or a broadcast") {
  CHECK(served({"listen", "83"}).service == ServiceKind::pipe);
  CHECK(served({"echo"}).service == ServiceKind::echo);
  CHECK(served({"listen", "--echo", "83"}).service == ServiceKind::echo);
  CHECK(served({"listen", "83", "--echo"}).service == ServiceKind::echo);
  CHECK(served({"listen", "83", "--broadcast"}).service == ServiceKind::broadcast);
  CHECK(complaint({"listen", "--echo", "--broadcast"}) == "--echo excludes --broadcast");
}

TEST_CASE("what is passed on has no format but JSON to tell of it") {
  CHECK(served({"echo", "--json"}).reporting.format == streams::OutputFormat::json);
  for (const char* service : {"--echo", "--broadcast"}) {
    CHECK(served({"listen", service, "--json"}).reporting.format == streams::OutputFormat::json);
    for (const Arguments& format : {Arguments{"--in", "lines"}, Arguments{"--out", "json"}, Arguments{"--out", "hex"},
                                    Arguments{"--format", "json"}, Arguments{"-0"}}) {
      Arguments arguments = {"listen", service};
      arguments.insert(arguments.end(), format.begin(), format.end());
      CHECK(complaint(arguments) ==
            "--echo and --broadcast pass messages on as they are: of the formats there is only --json");
    }
  }
}

TEST_CASE("echo has no options about what is sent") {
  for (const char* option :
       {"--echo", "--broadcast", "-b", "-t", "--null", "--in", "--out", "--format", "--slow", "--for"}) {
    const std::string words = std::string("unknown option ") + option;
    CHECK(complaint({"echo", option}) == words);
    CHECK(complaint({"echo", option + std::string("=hex")}).find(words) == 0);
  }
}

TEST_CASE("a server has no options of a client") {
  for (const Arguments& command : commands) {
    for (const char* option : {"-1", "--count=1", "--until=a", "--execute=a", "--no-stdin", "--timeout=1",
                               "--resolve=a", "--cookie=a", "--bearer=a"}) {
      CHECK(complaint({command.front(), "80", option}).find("unknown option -") == 0);
    }
  }
}

TEST_CASE("all of stdin cannot be one message to clients that come later") {
  for (const Arguments& options : {Arguments{"--in", "whole"}, Arguments{"--in", "whole", "--once"}}) {
    CHECK(complaint_of_listen(options) == "--in whole is for one connection: wscope connect");
  }
}

TEST_CASE("what follows the end of the input may be asked for, and is a matter of --once without it") {
  CHECK(!served({"listen"}).at_eof);
  CHECK(!served({"listen", "--once"}).at_eof);
  CHECK(served({"listen", "--eof", "wait"}).at_eof == AtEof::wait);
  CHECK(served({"listen", "--eof=close"}).at_eof == AtEof::close);
  CHECK(served({"listen", "--eof=hold", "--once"}).at_eof == AtEof::hold);
  CHECK(complaint_of_listen({"--eof", "later"}) == "--eof wants wait|close|hold, not \"later\"");
  CHECK(served({"listen"}).silence == 1s);
  CHECK(served({"listen", "-w", "2.5"}).silence == 2500ms);
  CHECK(served({"listen", "-w", "2.5"}).at_eof == AtEof::wait);
  CHECK(served({"listen", "-w", "3", "--eof", "hold"}).at_eof == AtEof::hold);
  CHECK(served({"listen", "--wait=-1"}).silence == session::for_ever);
  for (const char* service : {"--echo", "--broadcast"}) {
    CHECK(complaint_of_listen({service, "--eof", "close"}) == std::string(service) + " excludes --eof");
    CHECK(complaint_of_listen({service, "-w", "1"}) == std::string(service) + " excludes --wait");
  }
  for (const char* option : {"--eof=close", "--wait=1", "-w1"}) {
    CHECK(complaint({"echo", option}).starts_with("unknown option -"));
  }
}

TEST_CASE("a slow client is closed, or misses messages") {
  CHECK(served({"listen", "80", "--slow", "drop"}).slow == SlowClient::drop);
  CHECK(served({"listen", "80", "--slow=close"}).slow == SlowClient::close);
  for (const char* text : {"", "wait", "Drop", "drop|close"}) {
    CHECK(complaint_of_listen({"--slow", text}) == std::string("--slow wants drop|close, not \"") + text + "\"");
  }
}

TEST_CASE("a server may serve one client, or a few at a time") {
  for (const Arguments& command : commands) {
    CHECK(served(behind(command, {"--once"})).once);
    CHECK(served(in_front(command, {"--max-clients", "3"})).admission.max_clients == 3);
    CHECK(!served(in_front(command, {"--no-compress"})).compression);
    CHECK(served(command).compression_level == 6);
    CHECK(served(in_front(command, {"--compress-level", "1"})).compression_level == 1);
  }
  CHECK(admission({"--max-clients", "18446744073709551615"}).max_clients == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"", " ", "0", "-1", "many", "1K", "18446744073709551616"}) {
    CHECK(complaint_of_listen({"--max-clients", text}) ==
          std::string("--max-clients wants a whole number of at least 1, not \"") + text + "\"");
  }
}

TEST_CASE("a server may have one path") {
  CHECK(admission({"--path", "/"}).path == "/");
  CHECK(admission({"--path=/chat"}).path == "/chat");
  for (const char* text : {"chat", " /", "ws://host/", "?a"}) {
    CHECK(complaint_of_listen({"--path", text}) == "--path begins with a slash");
  }
}

TEST_CASE("a server may ask for credentials") {
  for (const char* option : {"-u", "--user", "--auth"}) {
    CHECK(admission({option, "me:secret"}).credentials == http::Credentials{"me", "secret"});
    CHECK(complaint_of_listen({option, "secret"}) == "--user wants USER:PASSWORD");
  }
  CHECK(admission({"-u", "me:a:b"}).credentials == http::Credentials{"me", "a:b"});
  CHECK(admission({"-u", ":"}).credentials == http::Credentials{});
}

TEST_CASE("a server is not open to all because a variable is not set") {
  for (const char* option : {"--user", "--origin", "--allow-host", "--path"}) {
    CHECK(complaint_of_listen({option, ""}) == std::string(option) + ": empty");
  }
}

TEST_CASE("a server may let in only some origins") {
  CHECK(admission({"-o", "http://a"}).origins == Arguments{"http://a"});
  CHECK(admission({"-o", "http://a", "--origin=http://b"}).origins == Arguments{"http://a", "http://b"});
}

TEST_CASE("an origin is what browsers write for it, or a text") {
  CHECK(admission({"-o", "HTTP://A.example:80"}).origins == Arguments{"http://a.example"});
  CHECK(admission({"-o", "https://[::1]:443/"}).origins == Arguments{"https://[::1]"});
  for (const char* text : {"*", "none", "null", "file://", "chrome-extension://abc", "http://a/path", "a.example"}) {
    CHECK(admission({"-o", text}).origins == Arguments{text});
  }
}

TEST_CASE("a server may have other names") {
  CHECK(admission({}).allowed_hosts.empty());
  CHECK(admission({"--allow-host", "App.example.", "--allow-host=b"}).allowed_hosts == Arguments{"app.example", "b"});
  CHECK(admission({"--allow-host", "*"}).allowed_hosts == Arguments{"*"});
  for (const char* text : {"a.example:80", "http://a.example", "*.example", "a b", "a/b"}) {
    CHECK(complaint_of_listen({"--allow-host", text}) ==
          std::string("--allow-host wants a name without a port, not \"") + text + "\"");
  }
  CHECK(complaint_of_listen({"--echo", "--allow-host", "a"}) ==
        "--allow-host says nothing to --echo, which is open to all web pages");
}

TEST_CASE("a server has subprotocols, best first") {
  CHECK(admission({"-s", "b", "--subprotocol=a"}).subprotocols == Arguments{"b", "a"});
  for (const char* text : {"", "a b", "a,b", "a;b"}) {
    CHECK(complaint_of_listen({"-s", text}) == "--subprotocol: not a token");
  }
}

TEST_CASE("a server's answer has further headers, repeats too") {
  CHECK(admission({"-H", "A: 1", "--header=A: 2"}).headers == http::Headers{{"A", "1"}, {"A", "2"}});
  CHECK(complaint_of_listen({"-H", "A"}) == "a header is written Name: value, and its name has no spaces");
  CHECK(complaint_of_listen({"-H", "A: a\r\nB: b"}) == "header A: a control character in its value");
  const auto command = cli::parse_command_line({"listen", "80", "-H", "@/nonexistent/file"});
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::io);
}

TEST_CASE("headers of an answer take the place of its own, but for what is agreed on") {
  const link::Admission given = admission({"-H", "Upgrade: h2c", "-H", "Connection:", "-H", "Empty;"});
  CHECK(given.headers == http::Headers{{"Upgrade", "h2c"}, {"Empty", ""}});
  CHECK(given.left_out == Arguments{"Connection"});
  const link::Admission speaking = admission({"-s", "a", "-H", "sec-websocket-protocol: b, c"});
  CHECK(speaking.subprotocols == Arguments{"a", "b", "c"});
  CHECK(speaking.headers.empty());
  CHECK(complaint_of_listen({"-H", "Sec-WebSocket-Protocol: a b"}).starts_with("header Sec-WebSocket-Protocol: "));
  CHECK(complaint_of_listen({"-H", "Sec-WebSocket-Extensions: permessage-deflate"}) ==
        "header Sec-WebSocket-Extensions: extensions are negotiated, or not with --no-compress");
}

TEST_CASE("no option of a server takes more than its value") {
  const Arguments options[] = {{"-u", "a:b"},
                               {"-o", "http://a"},
                               {"-s", "a"},
                               {"-H", "A: b"},
                               {"--path", "/a"},
                               {"--max-clients", "1"},
                               {"--once"},
                               {"--no-compress"},
                               {"--json"},
                               {"--max-size", "1"},
                               {"--max-frame", "1"},
                               {"--max-header", "1"},
                               {"--handshake-timeout", "1"},
                               {"--close-timeout", "1"},
                               {"--ping-interval", "1"},
                               {"--ping-timeout", "1"},
                               {"-v"},
                               {"-q"},
                               {"--frames"},
                               {"--dump-size", "1"},
                               {"--show", "sent"}};
  for (const Arguments& command : commands) {
    for (const Arguments& option : options) {
      CAPTURE(option.front());
      CHECK(served(behind(command, option)).address.port == 80);
      CHECK(served(in_front(command, option)).address.port == 80);
      Arguments two = behind(command, option);
      two.push_back("81");
      CHECK(complaint(two) == "The following argument was not expected: 81");
    }
  }
}
