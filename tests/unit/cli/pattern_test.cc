#include "cli/pattern.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace wscope;
using namespace std::string_view_literals;

namespace {

cli::Pattern pattern(const std::string& expression) {
  auto compiled = cli::Pattern::compile(expression);
  if (!compiled) FAIL(compiled.error().message);
  return std::move(compiled).value();
}

bool matches(const std::string& expression, std::string_view text) {
  return pattern(expression).matches(base::as_bytes(text));
}

}  // namespace

TEST_CASE("a pattern matches anywhere in the text") {
  CHECK(matches("b", "abc"));
  CHECK(matches("abc", "abc"));
  CHECK(!matches("abcd", "abc"));
  CHECK(!matches("b", ""));
  CHECK(!matches("B", "abc"));
}

TEST_CASE("a pattern is an extended regular expression") {
  CHECK(matches("a|x", "abc"));
  CHECK(matches("^(ab)+c?$", "abab"));
  CHECK(!matches("^(ab)+$", "aba"));
  CHECK(matches("[0-9]{3}", "ab123"));
  CHECK(!matches("[0-9]{3}", "ab12"));
  CHECK(matches("^[[:space:]]*$", " \t"));
  CHECK(matches("\\{\"id\":[0-9]+\\}", R"({"id":17})"));
  CHECK(matches("a.c", "abc"));
  CHECK(!matches("a\\.c", "abc"));
}

TEST_CASE("the pattern's ends are those of a line of the text") {
  CHECK(matches("^b$", "a\nb\nc"));
  CHECK(matches("^a$", "a\nb"));
  CHECK(matches("^b$", "a\nb"));
  CHECK(!matches("a.b", "a\nb"));
  CHECK(!matches("a[^x]b", "a\nb"));
}

TEST_CASE("an empty pattern matches everything, and an empty text is one") {
  CHECK(matches("", ""));
  CHECK(matches("", "abc"));
  CHECK(matches("^$", ""));
  CHECK(pattern("^$").matches({}));
  CHECK(!pattern(".").matches({}));
}

TEST_CASE("the text is bytes: NUL does not end it, and it need not be UTF-8") {
  CHECK(matches("b$", "a\0b"sv));
  CHECK(matches("^b$", "a\n\0\nb"sv));
  CHECK(!matches("^a$", "a\0b"sv));
  CHECK(matches("\xff", "a\xff\xfe"));
  CHECK(matches("b",
                "\xff\xfe"
                "b"));
  CHECK(matches("\xc3\xa9", "caf\xc3\xa9"));
}

TEST_CASE("the text ends where it ends, not at a NUL behind it") {
  const std::string text = "abc";
  CHECK(!pattern("c").matches(base::as_bytes(std::string_view(text).substr(0, 2))));
  CHECK(pattern("b$").matches(base::as_bytes(std::string_view(text).substr(0, 2))));
  CHECK(pattern("^b").matches(base::as_bytes(std::string_view(text).substr(1))));
}

TEST_CASE("a long text is searched to its end") {
  const std::string text(1 << 20, 'a');
  CHECK(!matches("b", text));
  CHECK(matches("ab$", text + "b"));
}

TEST_CASE("a pattern can be moved and used again") {
  cli::Pattern first = pattern("b");
  CHECK(first.matches(base::as_bytes("b"sv)));
  CHECK(!first.matches(base::as_bytes("a"sv)));
  const cli::Pattern second = std::move(first);
  CHECK(second.matches(base::as_bytes("b"sv)));
}

TEST_CASE("what is no regular expression is a usage error that says why") {
  for (const char* expression : {"(", "a(b", "[", "[]", "[a", "*a", "+", "?", "a{1", "a{2,1}", "a{99999}", "\\", "a\\",
                                 "[[:nonsense:]]", "[z-a]", "\\1"}) {
    CAPTURE(expression);
    const auto compiled = cli::Pattern::compile(expression);
    REQUIRE(!compiled.ok());
    CHECK(compiled.error().kind == base::ErrorKind::usage);
    CHECK(!compiled.error().message.empty());
    CHECK(compiled.error().message.find('\n') == std::string::npos);
  }
}
