#include "cli/option_parser.h"

#include <optional>
#include <string>

#include "arguments.h"

using namespace wscope;
using test::Arguments;
using test::complaint;
using test::connect;

namespace {

std::string complaint_in_session(const Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments, cli::Place::session);
  return command ? "" : command.error().message;
}

std::string help_in_session(const std::string& name) {
  const auto command = cli::parse_command_line({name, "--help"}, cli::Place::session);
  REQUIRE(command.ok());
  return std::get<cli::ShowText>(*command).text;
}

}  // namespace

TEST_CASE("one connection of a session has no say in what is about all of it") {
  for (const Arguments& options :
       {Arguments{"--eof", "close"}, Arguments{"--wait", "1"}, Arguments{"--stdin"}, Arguments{"--count", "1"},
        Arguments{"--one"}, Arguments{"--until", "x"}, Arguments{"--timeout", "1"}, Arguments{"--no-stdin"}}) {
    Arguments arguments = {"connect", "host"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CHECK(complaint_in_session(arguments) == options[0] + " is about the whole session, not about one connection");
    CHECK(test::connect(arguments).endpoint.url.host == "host");
  }
  for (const Arguments& options :
       {Arguments{"--verbose"}, Arguments{"--quiet"}, Arguments{"--frames"}, Arguments{"--dump-size", "1"},
        Arguments{"--for", "1"}, Arguments{"--show", "sent"}, Arguments{"--in", "hex"}, Arguments{"--out", "hex"},
        Arguments{"--json"}, Arguments{"--null"}, Arguments{"--commands", "-"}, Arguments{"--color", "never"},
        Arguments{"--json-pretty"}, Arguments{"--show-ping-pong"}, Arguments{"--no-history"}}) {
    for (Arguments arguments : {Arguments{"connect", "host"}, Arguments{"listen", "80"}}) {
      arguments.insert(arguments.end(), options.begin(), options.end());
      CHECK(complaint_in_session(arguments) == options[0] + " is about the whole session, not about one connection");
    }
  }
}

TEST_CASE("the type of messages is that of a connection's first ones, and of what a session sends") {
  CHECK(complaint_in_session({"connect", "-b", "-x", "hi", "host"}).empty());
  CHECK(complaint_in_session({"listen", "-b"}) == "--binary is about the whole session, not about one connection");
}

TEST_CASE("a session does not wait for what is no regular file") {
  const std::string why = "/dev/null: is not a regular file";
  for (const Arguments& options : {Arguments{"--ca", "/dev/null"}, Arguments{"--cert", "/dev/null"},
                                   Arguments{"--key=/dev/null", "--cert", "/no/such"},
                                   Arguments{"-H", "A: b", "-H", "@/dev/null"}, Arguments{"--cookie", "@/dev/null"}}) {
    Arguments arguments{"connect", "host"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CHECK(complaint_in_session(arguments) == why);
  }
  CHECK(complaint_in_session({"listen", "80", "--client-ca", "/dev/null"}) == why);
  CHECK(complaint_in_session({"connect", "host", "-H", "A: /dev/null", "--ca", "/no/such"}).empty());
}

TEST_CASE("the help in a session has the options that may be given there") {
  for (const char* option : {"--header", "--execute", "--binary", "--reconnect", "--ping-interval", "--help"}) {
    CHECK(help_in_session("connect").find(option) != std::string::npos);
  }
  CHECK(help_in_session("listen").find("--echo") != std::string::npos);
  for (const char* command : {"connect", "listen"}) {
    for (const char* option : {"--json", "--frames", "--commands", "--count", "--timeout", "--in "}) {
      CHECK(help_in_session(command).find(std::string("  ") + option) == std::string::npos);
    }
  }
}

TEST_CASE("a script has no say in what is about stdin and the messages that come") {
  for (const Arguments& options :
       {Arguments{"--count", "1"}, Arguments{"--one"}, Arguments{"--until", "x"}, Arguments{"--stdin"},
        Arguments{"--in", "hex"}, Arguments{"--format", "hex"}, Arguments{"--null"}}) {
    Arguments arguments = {"connect", "host", "--commands", "-"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CHECK(test::complaint(arguments).find(options[0]) != std::string::npos);
  }
  for (const Arguments& options : {Arguments{"--binary"}, Arguments{"--in", "hex"}, Arguments{"--null"}}) {
    Arguments arguments = {"listen", "80", "--commands", "-"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CHECK(test::complaint(arguments).find(options[0]) != std::string::npos);
  }
  CHECK(test::connect({"host", "--commands", "-", "--eof", "close", "--timeout", "1", "-b", "-x", "a", "--json"})
            .interaction.commands == "-");
}

TEST_CASE("a value may be optional, and is never the next word") {
  const auto retries = [](const Arguments& arguments) {
    std::optional<std::string> most;
    std::string url;
    cli::OptionParser parser(cli::CommandSet::connect, cli::Place::shell, {"wscope", ""});
    parser.bind_positional("URL", url, "", "--connect");
    parser.bind("--reconnect", most);
    const auto parsed = parser.parse(arguments);
    REQUIRE(parsed.ok());
    CHECK(url == "host");
    return most;
  };
  CHECK(!retries({"host"}));
  CHECK(retries({"--reconnect", "host"}) == "");
  CHECK(retries({"host", "--reconnect="}) == "");
  for (const char* value : {"3", "0", "true", "false", "-x", "a=b", " a ", "[a]", "\"a\""}) {
    CHECK(retries({std::string("--reconnect=") + value, "host"}) == value);
  }
  CHECK(retries({"--reconnect", "--reconnect=2", "host"}) == "2");
  CHECK(test::shown({"connect", "--help"}).find("  --reconnect[=MAX] ") != std::string::npos);
}

TEST_CASE("a word behind an option with an optional value is not repeated") {
  const std::string one_word = " takes a value only in one word: ";
  CHECK(complaint({"--cert=a", "--passphrase", "secret", "wss://h/"}) == "--passphrase" + one_word + "--passphrase=P");
  CHECK(complaint({"--cert=a", "--passphrase", "secret", "-c", "wss://h/"}) ==
        "--passphrase" + one_word + "--passphrase=P");
  CHECK(complaint({"--reconnect", "3", "-v", "host"}) == "--reconnect" + one_word + "--reconnect=MAX");
  CHECK(complaint({"listen", "--cert=a", "--passphrase", "secret", "80"}) ==
        "--passphrase" + one_word + "--passphrase=P");
  CHECK(complaint({"listen", "--cert=a", "--passphrase", "secret"}) == "--passphrase" + one_word + "--passphrase=P");
  CHECK(complaint({"-l", "80", "--cert=a", "--passphrase", "secret"}) == "--passphrase" + one_word + "--passphrase=P");
  CHECK(complaint({"--passphrase", "ws://host", "other"}) == "The following argument was not expected: other");
  CHECK(complaint({"host", "--reconnect", "3"}) == "--reconnect takes a value only in one word: --reconnect=MAX");
  CHECK(complaint({"host", "--cert=a", "--passphrase", "secret"}) ==
        "--passphrase takes a value only in one word: --passphrase=P");
  CHECK(complaint({"host", "--reconnect", "--other"}) == "unknown option --other");
}

TEST_CASE("a flag takes no value") {
  for (const char* argument : {"--verbose=maybe", "--binary=maybe", "--binary=false", "--frames=1", "--one=2"}) {
    const std::string name = std::string(argument).substr(0, std::string(argument).find('='));
    CHECK(complaint({"host", argument}) == name + " takes no value");
  }
  CHECK(connect({"host", "--binary="}).input.type == streams::MessageType::binary);
}

TEST_CASE("what is bound and not of the command is left alone") {
  bool echo = false;
  std::string header;
  cli::OptionParser parser(cli::CommandSet::echo, cli::Place::shell, {"wscope echo", ""});
  parser.bind("--echo", echo);
  parser.bind("--header", header);
  const auto parsed = parser.parse({"--echo"});
  REQUIRE(!parsed.ok());
  CHECK(parsed.error().message == "unknown option --echo");
}

TEST_CASE("the first value that is wrong is said, in the order in which they are given") {
  CHECK(complaint({"--timeout", "x", "--count", "y", "host"}).starts_with("--timeout wants"));
}
