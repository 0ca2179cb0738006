#include "cli/command_line.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace std::chrono_literals;
using cli::AtEof;
using cli::ConnectCommand;
using cli::EchoCommand;
using cli::parse_command_line;
using cli::ShowText;

namespace {

using Arguments = std::vector<std::string>;

template <typename Wanted>
Wanted parse(const Arguments& arguments) {
  const auto command = parse_command_line(arguments);
  if (!command) FAIL(command.error().message);
  const auto* wanted = std::get_if<Wanted>(&*command);
  REQUIRE(wanted != nullptr);
  return *wanted;
}

const auto connect = parse<ConnectCommand>;
const auto echo = parse<EchoCommand>;
std::string shown(const Arguments& arguments) { return parse<ShowText>(arguments).text; }

/// The message of a usage error.
std::string complaint(const Arguments& arguments) {
  const auto command = parse_command_line(arguments);
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::usage);
  CHECK(command.error().message.find('\n') == std::string::npos);
  return command.error().message;
}

}  // namespace

TEST_CASE("a URL alone is connected to, with what is usual") {
  for (const Arguments& arguments : {Arguments{"ws://host:81/x"}, Arguments{"connect", "ws://host:81/x"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.text() == "ws://host:81/x");
    CHECK(!command.endpoint.embedded);
    CHECK(!command.binary);
    CHECK(command.at_eof == AtEof::wait);
    CHECK(command.silence == 1s);
    CHECK(command.timeouts.connect == 10s);
    CHECK(command.timeouts.handshake == 10s);
    CHECK(command.timeouts.close == 10s);
  }
  CHECK(connect({"echo:"}).endpoint.embedded);
}

TEST_CASE("options of connect") {
  CHECK(connect({"-b", "host"}).binary);
  CHECK(connect({"--binary", "host"}).binary);
  CHECK(!connect({"-t", "host"}).binary);
  CHECK(!connect({"--text", "host"}).binary);
  CHECK(connect({"--eof", "close", "host"}).at_eof == AtEof::close);
  CHECK(connect({"--eof=hold", "host"}).at_eof == AtEof::hold);
  CHECK(connect({"--eof", "wait", "host"}).at_eof == AtEof::wait);
  CHECK(connect({"-w", "2.5", "host"}).silence == 2500ms);
  CHECK(connect({"-w0", "host"}).silence == 0s);
  CHECK(connect({"--wait=7", "host"}).silence == 7s);
  CHECK(connect({"--connect-timeout", "1", "host"}).timeouts.connect == 1s);
  CHECK(connect({"--handshake-timeout", "0.25", "host"}).timeouts.handshake == 250ms);
  CHECK(connect({"--close-timeout=0", "host"}).timeouts.close == 0s);
}

TEST_CASE("waiting for ever is minus one second") {
  CHECK(connect({"-w", "-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"-w-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"--wait", "-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"--wait=-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"host", "-w", "-1"}).silence == cli::for_ever);
}

TEST_CASE("options stand before and behind the URL, and never take it") {
  for (const Arguments& arguments :
       {Arguments{"-b", "--eof", "close", "-w", "3", "host"}, Arguments{"host", "-b", "--eof", "close", "-w", "3"},
        Arguments{"--eof", "close", "host", "-bw3"}, Arguments{"connect", "-w", "3", "--eof=close", "host", "-b"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.host == "host");
    CHECK(command.binary);
    CHECK(command.at_eof == AtEof::close);
    CHECK(command.silence == 3s);
  }
}

TEST_CASE("two dashes end the options") {
  CHECK(connect({"-b", "--", "host"}).endpoint.url.host == "host");
  CHECK(connect({"--", "-host"}).endpoint.url.host == "-host");
  CHECK(echo({"echo", "--", "8081"}).address.port == 8081);
}

TEST_CASE("a server has its address and timeouts") {
  CHECK(echo({"echo"}).address.host.empty());
  CHECK(echo({"echo"}).address.port == 8080);
  CHECK(echo({"echo", "0"}).address.port == 0);
  CHECK(echo({"echo", "0.0.0.0:81"}).address.host == "0.0.0.0");
  CHECK(echo({"echo", ":82"}).address.port == 82);
  CHECK(echo({"listen", "--echo", "83"}).address.port == 83);
  CHECK(echo({"listen", "83", "--echo"}).address.port == 83);
  CHECK(echo({"echo", "--handshake-timeout", "3", "--close-timeout", "4"}).timeouts.handshake == 3s);
  CHECK(echo({"echo", "--handshake-timeout", "3", "--close-timeout", "4"}).timeouts.close == 4s);
}

TEST_CASE("help and version are texts") {
  CHECK(shown({"--version"}).substr(0, 7) == "wscope ");
  CHECK(shown({"-V"}) == shown({"--version"}));
  CHECK(shown({"--help"}).find("wscope echo:") != std::string::npos);
  CHECK(shown({"-h"}) == shown({"--help"}));
  for (const char* option : {"--binary", "--text", "--eof", "--wait", "--connect-timeout", "--close-timeout"}) {
    CHECK(shown({"connect", "--help"}).find(option) != std::string::npos);
  }
  CHECK(shown({"echo", "-h"}).find("[ADDR:]PORT") != std::string::npos);
  CHECK(shown({"listen", "--help"}).find("--echo") != std::string::npos);
  CHECK(shown({"host", "--help"}) == shown({"connect", "--help"}));
}

TEST_CASE("what cannot be understood is a usage error that names it") {
  CHECK(complaint({}) == "no URL");
  CHECK(complaint({"connect"}).find("URL") != std::string::npos);
  CHECK(complaint({"-b"}).find("URL") != std::string::npos);
  CHECK(complaint({"host", "other"}).find("other") != std::string::npos);
  CHECK(complaint({"--nonsense", "host"}).find("--nonsense") != std::string::npos);
  CHECK(complaint({"-z", "host"}).find("-z") != std::string::npos);
  CHECK(complaint({"-b", "-t", "host"}).find("--binary") != std::string::npos);
  CHECK(complaint({"--eof", "sometime", "host"}).find("sometime") != std::string::npos);
  CHECK(complaint({"host", "--eof"}).find("--eof") != std::string::npos);
  CHECK(complaint({"host", "-w"}).find("--wait") != std::string::npos);
  CHECK(complaint({"-w", "1", "-w", "2", "host"}).find("--wait") != std::string::npos);
  CHECK(complaint({""}) == "the URL is empty");
  CHECK(complaint({"ftp://host"}).find("ws://") != std::string::npos);
  CHECK(complaint({"listen", "80"}) == "listen needs --echo");
  CHECK(complaint({"echo", "eighty"}) == "not a port: eighty");
  CHECK(complaint({"echo", "80", "81"}).find("81") != std::string::npos);
  CHECK(complaint({"echo", "-b"}).find("-b") != std::string::npos);
}

TEST_CASE("what is no number of seconds is a usage error") {
  for (const char* text : {"x", "1s", "-2", "-1.0", "inf", "nan", "1e10", " 1", "0x1"}) {
    CHECK(complaint({std::string("--wait=") + text, "host"}).find("--wait") != std::string::npos);
    CHECK(complaint({std::string("--connect-timeout=") + text, "host"}).find("--connect-timeout") != std::string::npos);
  }
  CHECK(complaint({"-w", "", "host"}) == "--wait wants a number of seconds, not \"\"");
  CHECK(complaint({"--close-timeout", "soon", "host"}) == "--close-timeout wants a number of seconds, not \"soon\"");
  CHECK(complaint({"--handshake-timeout", "-1", "host"}).find("--handshake-timeout") != std::string::npos);
  CHECK(complaint({"echo", "--close-timeout", "soon"}).find("--close-timeout") != std::string::npos);
}

TEST_CASE("a secure URL is an error of its own kind") {
  const auto command = parse_command_line({"wss://host"});
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::tls);
}

TEST_CASE("credentials are never repeated") {
  for (const Arguments& arguments :
       {Arguments{"host", "ws://me:secret@host"}, Arguments{"echo", "ws://me:secret@host"},
        Arguments{"-w", "me:secret@host", "host"}, Arguments{"--me:secret@host"}, Arguments{"ws://me:secret@host:x"},
        Arguments{"--eof", "ws://me:secret@host", "host"}, Arguments{"host", "--wait=me:secret@host"}}) {
    CHECK(complaint(arguments).find("secret") == std::string::npos);
  }
}
