#include "cli/parsing.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;

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
  const auto seconds = [](const std::string& text) { return value_of(cli::parse_seconds(text, "--timeout")); };
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
    CHECK(message_of(cli::parse_seconds(text, "--timeout")) ==
          std::string("--timeout wants a number of seconds, not \"") + text + "\"");
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

TEST_CASE("a level is a digit, and not 0") {
  CHECK(value_of(cli::parse_level("1", "--compress-level")) == 1);
  CHECK(value_of(cli::parse_level("9", "--compress-level")) == 9);
  for (const char* text : {"", "0", "10", "-1", "x", "6 ", "06"}) {
    CHECK(message_of(cli::parse_level(text, "--compress-level")) ==
          std::string("--compress-level wants a level from 1 to 9, not \"") + text + "\"");
  }
}

TEST_CASE("a size has a unit if need be, a power of 1024") {
  const auto size = [](const std::string& text) { return value_of(cli::parse_size(text, "--max-size")); };
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
  const auto size = [](const std::string& text) { return value_of(cli::parse_size(text, "--max-size")); };
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  CHECK(size("18446744073709551615") == most);
  CHECK(size("18014398509481983K") == (most >> 10) << 10);
  CHECK(size("17592186044415M") == (most >> 20) << 20);
  CHECK(size("17179869183G") == (most >> 30) << 30);
  for (const char* text : {"18446744073709551616", "18014398509481984K", "17592186044416M", "17179869184G",
                           "18446744073709551615K", "99999999999999999999999G"}) {
    message_of(cli::parse_size(text, "--max-size"));
  }
}

TEST_CASE("what is no size is a usage error that names the option") {
  for (const char* text : {"", " ", "0", "0K", "K", "-1", "+1", "1.5K", "1KB", "1KiB", "1KK", "1 K", " 1", "1T", "0x10",
                           "1e3", "x", "K1"}) {
    CHECK(message_of(cli::parse_size(text, "--max-size")) ==
          std::string("--max-size wants a number of bytes such as 100, 64K or 16M, not \"") + text + "\"");
  }
}

TEST_CASE("a choice is one of some words, as they are written") {
  CHECK(cli::names_of(fruits) == "apple|pear");
  CHECK(value_of(cli::choose("apple", "--color", fruits)) == Fruit::apple);
  CHECK(value_of(cli::choose("pear", "--color", fruits)) == Fruit::pear);
  for (const char* text : {"", "app", "apples", "Apple", "apple|pear", " apple", "apple "}) {
    CHECK(message_of(cli::choose(text, "--color", fruits)) ==
          std::string("--color wants apple|pear, not \"") + text + "\"");
  }
}

TEST_CASE("choices are those of the table, in its order") {
  constexpr cli::Choice<int> colors[] = {{"auto", 0}, {"always", 1}, {"never", 2}};
  constexpr cli::Choice<int> fewer[] = {{"auto", 0}, {"always", 1}};
  constexpr cli::Choice<int> others[] = {{"auto", 0}, {"never", 2}, {"always", 1}};
  static_assert(cli::are_words_of("--color", colors));
  static_assert(!cli::are_words_of("--color", fewer));
  static_assert(!cli::are_words_of("--color", others));
  static_assert(!cli::are_words_of("--show", colors));
}

TEST_CASE("parameters of permessage-deflate may be none, and may have its name in front") {
  using wscope::cli::parse_deflate;
  CHECK(*parse_deflate("", "--compress") == wscope::ws::DeflateParameters());
  CHECK(parse_deflate("server_max_window_bits=9", "--compress")->server_max_window_bits == 9);
  CHECK(parse_deflate("permessage-deflate; client_no_context_takeover", "--deflate")->client_no_context_takeover);
  CHECK(parse_deflate("x", "--deflate").error().message.starts_with("--deflate: "));
  CHECK(parse_deflate(";;", "--compress").error().message.starts_with("--compress: "));
}
