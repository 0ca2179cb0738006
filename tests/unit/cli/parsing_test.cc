#include "cli/parsing.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using session::ConnectCommand;
using session::ServeCommand;

namespace {

/// The value, which must be one.
template <typename Value>
Value value_of(const base::Result<Value>& result) {
  if (!result) FAIL(result.error().message);
  return *result;
}

/// The message of what must be a usage error with a hint.
template <typename Value>
std::string message_of(const base::Result<Value>& result) {
  REQUIRE(!result.ok());
  CHECK(result.error().kind == base::ErrorKind::usage);
  CHECK(result.error().hint == "try wscope --help");
  return result.error().message;
}

enum class Fruit { apple, pear };
constexpr cli::Choice<Fruit> fruits[] = {{"apple", Fruit::apple}, {"pear", Fruit::pear}};

}  // namespace

TEST_CASE("seconds may have a fraction") {
  const auto seconds = [](const std::string& text) { return value_of(cli::parse_seconds(text, "--time")); };
  CHECK(seconds("0") == 0s);
  CHECK(seconds("-0") == 0s);
  CHECK(seconds("7") == 7s);
  CHECK(seconds("007") == 7s);
  CHECK(seconds("0.25") == 250ms);
  CHECK(seconds(".5") == 500ms);
  CHECK(seconds("5.") == 5s);
  CHECK(seconds("1e2") == 100s);
  CHECK(seconds("1e-3") == 1ms);
  CHECK(seconds("0.000000001") == 1ns);
  CHECK(seconds("1000000000") == std::chrono::seconds(1'000'000'000));
}

TEST_CASE("what is no number of seconds is a usage error that names the option") {
  for (const char* text : {"",    " ",     "x",  "1s",  " 1",   "1 ",  "+1",         "-1",   "-0.5",  "0x1",
                           "1,5", "1.2.3", "1e", "inf", "-inf", "nan", "1000000001", "1e10", "1e999", "1e-999"}) {
    CHECK(message_of(cli::parse_seconds(text, "--time")) ==
          std::string("--time wants a number of seconds, not \"") + text + "\"");
  }
}

TEST_CASE("a count is a whole number of at least one") {
  const auto count = [](const std::string& text) { return value_of(cli::parse_count(text, "--count")); };
  CHECK(count("1") == 1);
  CHECK(count("010") == 10);
  CHECK(count("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"", " ", "0", "-1", "+1", "1.0", "1e3", "0x1", "1K", " 1", "1 ", "x", "18446744073709551616",
                           "99999999999999999999999999"}) {
    CHECK(message_of(cli::parse_count(text, "--count")) ==
          std::string("--count wants a whole number of at least 1, not \"") + text + "\"");
  }
}

TEST_CASE("a size has a unit if need be, a power of 1024") {
  const auto size = [](const std::string& text) { return value_of(cli::parse_size(text, "--size")); };
  CHECK(size("1") == 1);
  CHECK(size("0100") == 100);
  CHECK(size("64K") == 65536);
  CHECK(size("64k") == 65536);
  CHECK(size("16M") == 16777216);
  CHECK(size("16m") == 16777216);
  CHECK(size("4G") == 4294967296);
  CHECK(size("4g") == 4294967296);
}

TEST_CASE("a size may be all that 64 bits can hold, and no more") {
  const auto size = [](const std::string& text) { return value_of(cli::parse_size(text, "--size")); };
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  CHECK(size("18446744073709551615") == most);
  CHECK(size("18014398509481983K") == (most >> 10) << 10);
  CHECK(size("17592186044415M") == (most >> 20) << 20);
  CHECK(size("17179869183G") == (most >> 30) << 30);
  for (const char* text : {"18446744073709551616", "18014398509481984K", "17592186044416M", "17179869184G",
                           "18446744073709551615K", "99999999999999999999999G"}) {
    message_of(cli::parse_size(text, "--size"));
  }
}

TEST_CASE("what is no size is a usage error that names the option") {
  for (const char* text : {"", " ", "0", "0K", "K", "-1", "+1", "1.5K", "1KB", "1KiB", "1KK", "1 K", " 1", "1T", "0x10",
                           "1e3", "x", "K1"}) {
    CHECK(message_of(cli::parse_size(text, "--size")) ==
          std::string("--size wants a number of bytes such as 100, 64K or 16M, not \"") + text + "\"");
  }
}

TEST_CASE("a choice is one of some words, as they are written") {
  CHECK(cli::names_of(fruits) == "apple|pear");
  CHECK(value_of(cli::choose("apple", "--fruit", fruits)) == Fruit::apple);
  CHECK(value_of(cli::choose("pear", "--fruit", fruits)) == Fruit::pear);
  for (const char* text : {"", "app", "apples", "Apple", "apple|pear", " apple", "apple "}) {
    CHECK(message_of(cli::choose(text, "--fruit", fruits)) ==
          std::string("--fruit wants apple|pear, not \"") + text + "\"");
  }
}

TEST_CASE("arguments make sense, ask for help or are a usage error") {
  const auto parsed = [](const Arguments& arguments) {
    bool flag = false;
    CLI::App app;
    app.set_help_flag("-h,--help");
    app.add_flag("--flag", flag);
    return cli::parse(app, arguments);
  };
  CHECK(value_of(parsed({})));
  CHECK(value_of(parsed({"--flag"})));
  CHECK(!value_of(parsed({"--flag", "-h"})));
  CHECK(!value_of(parsed({"--help"})));
  CHECK(message_of(parsed({"--other"})) == "unknown option --other");
  CHECK(message_of(parsed({"two\nlines"})) == "The following argument was not expected: two\nlines");
  CHECK(message_of(parsed({"--other", "secret"})) == "unknown option --other");
  CHECK(message_of(parsed({"--", "-x"})) == "The following argument was not expected: -x");
}

TEST_CASE("a misspelt option is quoted without its value") {
  const auto complaint = [](const Arguments& arguments) {
    bool flag = false;
    CLI::App app;
    app.add_flag("-f,--flag", flag);
    return message_of(cli::parse(app, arguments));
  };
  const std::string unexpected = "unknown option ";
  CHECK(complaint({"--other=secret"}) == unexpected + "--other");
  CHECK(complaint({"-osecret"}) == unexpected + "-o");
  CHECK(complaint({"-fosecret"}) == unexpected + "-o");
  CHECK(complaint({"-"}) == "The following argument was not expected: -");
}

TEST_CASE("a value may be optional, and is never the next word") {
  struct Typed {
    std::optional<std::string> optional;
    std::string url;
    std::string help;
  };
  const auto parsed = [](const Arguments& arguments) {
    Typed typed;
    CLI::App app;
    app.add_option("URL", typed.url);
    cli::add_optional_value(app, "--retry", typed.optional, "MAX", "again");
    value_of(cli::parse(app, arguments));
    typed.help = cli::help_of(app);
    return typed;
  };
  CHECK(!parsed({"host"}).optional);
  CHECK(parsed({"--retry", "host"}).optional == "");
  CHECK(parsed({"--retry", "host"}).url == "host");
  CHECK(parsed({"host", "--retry="}).optional == "");
  for (const char* value : {"3", "0", "true", "false", "-x", "a=b", " a ", "[a]", "\"a\""}) {
    CHECK(parsed({std::string("--retry=") + value, "host"}).optional == value);
  }
  CHECK(parsed({"--retry", "--retry=2"}).optional == "2");
  CHECK(parsed({}).help.find("  --retry[=MAX] ") != std::string::npos);
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

TEST_CASE_TEMPLATE("timeouts are ten seconds, and there is no keepalive", Wanted, ConnectCommand, ServeCommand) {
  const link::Timeouts usual = with<Wanted>({}).timeouts;
  CHECK(usual.connect == 10s);
  CHECK(usual.handshake == 10s);
  CHECK(usual.close == 10s);
  CHECK(usual.ping_interval == 0s);
  CHECK(usual.ping_timeout == 10s);
}

TEST_CASE_TEMPLATE("every timeout has its option", Wanted, ConnectCommand, ServeCommand) {
  const link::Timeouts timeouts = with<Wanted>({"--handshake-timeout", "0.25", "--close-timeout=0", "--ping-interval",
                                                "30", "--ping-timeout", "2.5"})
                                      .timeouts;
  CHECK(timeouts.handshake == 250ms);
  CHECK(timeouts.close == 0s);
  CHECK(timeouts.ping_interval == 30s);
  CHECK(timeouts.ping_timeout == 2500ms);
  CHECK(with<Wanted>({"--handshake-timeout", "0"}).timeouts.handshake == 0s);
  CHECK(with<Wanted>({"--ping-timeout", "0"}).timeouts.ping_timeout == 0s);
}

TEST_CASE_TEMPLATE("every timeout is a number of seconds", Wanted, ConnectCommand, ServeCommand) {
  for (const char* option : {"--handshake-timeout", "--close-timeout", "--ping-interval", "--ping-timeout"}) {
    for (const char* text : {"", "x", "-1", "1m", "1e10"}) {
      CHECK(complaint_with<Wanted>({option, text}) ==
            std::string(option) + " wants a number of seconds, not \"" + text + "\"");
    }
    CHECK(complaint_with<Wanted>({option, "1", option, "2"}).find(option) == 0);
  }
}

TEST_CASE("only a client waits for a connection") {
  CHECK(connect({"--connect-timeout", "1", "host"}).timeouts.connect == 1s);
  CHECK(connect({"--connect-timeout=0", "host"}).timeouts.connect == 0s);
  CHECK(complaint({"--connect-timeout", "soon", "host"}) ==
        "--connect-timeout wants a number of seconds, not \"soon\"");
  CHECK(complaint({"listen", "80", "--connect-timeout=1"}).find("--connect-timeout") != std::string::npos);
}
