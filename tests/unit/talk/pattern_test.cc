#include "talk/pattern.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

using namespace wscope;
using namespace std::string_view_literals;

namespace {

talk::Pattern pattern(const std::string& expression) {
  auto compiled = talk::Pattern::compile(expression);
  if (!compiled) FAIL(compiled.error().message);
  return std::move(compiled).value();
}

bool matches(const std::string& expression, std::string_view text) {
  return pattern(expression).matches(base::as_bytes(text));
}

bool matches_bytes(const std::string& expression, std::string_view text) {
  return pattern(expression).matches(base::as_bytes(text), talk::Pattern::Alphabet::bytes);
}

}  // namespace

TEST_CASE("a pattern matches anywhere in the text") {
  CHECK(matches("b", "abc"));
  CHECK(matches("abc", "abc"));
  CHECK(!matches("abcd", "abc"));
  CHECK(!matches("b", ""));
  CHECK(!matches("B", "abc"));
}

TEST_CASE("a pattern has what people know from Perl") {
  CHECK(matches("^\\d+$", "2026"));
  CHECK(!matches("\\d", "none"));
  CHECK(matches("\\bdone\\b", "it is done."));
  CHECK(!matches("\\bdone\\b", "abandoned"));
  CHECK(matches("(?i)DONE", "done"));
  CHECK(matches("(?:ab)+?c", "ababc"));
  CHECK(matches("(?P<year>\\d{4})-\\d\\d", "2026-11"));
  CHECK(matches("a\\Q.*\\Eb", "a.*b"));
  CHECK(matches("(?s)a.b", "a\nb"));
  CHECK(matches("a\\nb", "a\nb"));
  CHECK(matches("\\pL\\pL", "\u00e9\u00e8"));
}

TEST_CASE("a pattern has what people know from grep -E") {
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
  CHECK(matches("a[^x]b", "a\nb"));
}

TEST_CASE("an empty pattern matches everything, and an empty text is one") {
  CHECK(matches("", ""));
  CHECK(matches("", "abc"));
  CHECK(matches("^$", ""));
  CHECK(pattern("^$").matches({}));
  CHECK(!pattern(".").matches({}));
}

TEST_CASE("NUL is a character like others, and does not end the text") {
  CHECK(matches("b$", "a\0b"sv));
  CHECK(matches("^b$", "a\n\0\nb"sv));
  CHECK(!matches("^a$", "a\0b"sv));
  CHECK(matches("a\\x00b", "a\0b"sv));
}

TEST_CASE("a character of a text is a code point") {
  CHECK(matches("^caf.$", "caf\xc3\xa9"));
  CHECK(matches("^\xc3\xa9{2}$", "\xc3\xa9\xc3\xa9"));
  CHECK(matches("^[\xc3\xa9]$", "\xc3\xa9"));
  CHECK(matches("^\\xe9$", "\xc3\xa9"));
  CHECK(!matches("^..$", "\xc3\xa9"));
}

TEST_CASE("a character of bytes is a byte, whatever it is") {
  CHECK(matches_bytes("^\\xff\\x00.$", "\xff\0\x80"sv));
  CHECK(matches_bytes("^.*end$", "\xff\xfe\x80 end"));
  CHECK(matches_bytes("^..$", "\xc3\xa9"));
  CHECK(matches_bytes("\xc3\xa9", "caf\xc3\xa9"));
  CHECK(matches_bytes("[^\\x00-\\x7f]", "a\x80"));
  CHECK(!matches_bytes("^.$", "\xc3\xa9"));
}

TEST_CASE("a text that is no UTF-8 is searched, too") {
  CHECK(matches("b",
                "\xff\xfe"
                "b"));
  CHECK(!matches("^.$", "\xff"));
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
  talk::Pattern first = pattern("b");
  CHECK(first.matches(base::as_bytes("b"sv)));
  CHECK(!first.matches(base::as_bytes("a"sv)));
  const talk::Pattern second = std::move(first);
  CHECK(second.matches(base::as_bytes("b"sv)));
}

TEST_CASE("time is linear in the text, whatever the pattern") {
  const std::string text(1 << 20, 'a');
  CHECK(!matches("a.*b.*c", text));
  CHECK(!matches("(a*)*b", text));
  CHECK(!matches("(a|aa)+$b", text));
  CHECK(!matches("(a?){50}a{50}b", std::string(1 << 12, 'a')));
  // More states than there is memory for.
  std::string noise;
  for (std::uint32_t i = 0, seed = 1; i < (1U << 16); ++i) {
    seed = seed * 1664525U + 1013904223U;
    noise += (seed >> 31) != 0 ? 'a' : 'b';
  }
  CHECK(!matches("a[ab]{200}c", noise));
}

TEST_CASE("what is no regular expression is a usage error that says why") {
  for (const char* expression : {"(",
                                 ")",
                                 "a(b",
                                 "[",
                                 "[]",
                                 "[a",
                                 "*a",
                                 "+",
                                 "?",
                                 "a**",
                                 "a{2,1}",
                                 "a{99999}",
                                 "\\",
                                 "a\\",
                                 "[[:nonsense:]]",
                                 "[z-a]",
                                 "\\Z",
                                 "\xff",
                                 "((a{100}){100}){100}",
                                 "\\pL{1000}"}) {
    CAPTURE(expression);
    const auto compiled = talk::Pattern::compile(expression);
    REQUIRE(!compiled.ok());
    CHECK(compiled.error().kind == base::ErrorKind::usage);
    CHECK(!compiled.error().message.empty());
    CHECK(compiled.error().message.find('\n') == std::string::npos);
    CHECK(compiled.error().message.find("(?m)") == std::string::npos);
    CHECK(compiled.error().hint.empty());
  }
  CHECK(talk::Pattern::compile("(a").error().message == "missing )");
  CHECK(talk::Pattern::compile("(?m)(a").error().message == "missing )");
  CHECK(talk::Pattern::compile("*").error().message == "no argument for repetition operator");
  CHECK(talk::Pattern::compile("*a").error().message == "no argument for repetition operator: *");
  CHECK(talk::Pattern::compile("a[z-a]").error().message == "invalid character class range: z-a");
}

TEST_CASE("what would take more than linear time is a usage error with a hint") {
  for (const char* expression : {"(a)\\1", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(?>a)"}) {
    CAPTURE(expression);
    const auto compiled = talk::Pattern::compile(expression);
    REQUIRE(!compiled.ok());
    CHECK(compiled.error().kind == base::ErrorKind::usage);
    CHECK(compiled.error().hint.find("RE2") != std::string::npos);
  }
}
