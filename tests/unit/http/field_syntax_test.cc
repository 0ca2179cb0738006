#include "http/field_syntax.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope::http;
using wscope::base::ErrorKind;
using wscope::base::Result;

namespace {

/// The elements between bars, or the error.
std::string shown(const Result<std::vector<std::string>>& list) {
  if (!list) return list.error().kind == ErrorKind::http ? list.error().message : "wrong kind of error";
  std::string text = "|";
  for (const std::string& element : *list) text.append(element).append("|");
  return text;
}

std::string unquoted(std::string_view value) {
  FieldScanner scanner(value);
  const auto text = scanner.quoted_string();
  if (!text) return text.error().message;
  return *text + " to " + std::to_string(scanner.position());
}

}  // namespace

TEST_CASE("token characters are those of RFC 9110 section 5.6.2") {
  const std::string_view allowed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    CHECK(is_token_char(static_cast<char>(c)) == (allowed.find(static_cast<char>(c)) != std::string_view::npos));
  }
}

TEST_CASE("a token has at least one character and only token characters") {
  CHECK(is_token("permessage-deflate"));
  CHECK_FALSE(is_token(""));
  CHECK_FALSE(is_token("a b"));
  CHECK_FALSE(is_token("a\xc3\xa4"));
}

TEST_CASE("a target is visible ASCII") {
  CHECK(is_target("/%zz?\"{}"));
  CHECK_FALSE(is_target(""));
  CHECK_FALSE(is_target("/a b"));
  CHECK_FALSE(is_target("/\x7f"));
  CHECK_FALSE(is_target("/\xc3\xa4"));
}

TEST_CASE("a field value is anything without control characters but HTAB") {
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    const char text[] = {'a', static_cast<char>(c)};
    CHECK(is_field_value({text, 2}) == (c == '\t' || (c >= ' ' && c != 0x7f)));
  }
  CHECK(is_field_value(""));
}

TEST_CASE("white space is SP and HTAB") {
  CHECK(trim_white_space(" \t a b\t ") == "a b");
  CHECK(trim_white_space(" \t") == "");
  CHECK(trim_white_space("\va\n") == "\va\n");
}

TEST_CASE("P01 P02 P10 token lists ignore white space and empty elements") {
  CHECK(shown(parse_token_list("keep-alive, Upgrade")) == "|keep-alive|Upgrade|");
  CHECK(shown(parse_token_list(",,\t,  , ,Upgrade  ,,")) == "|Upgrade|");
  CHECK(shown(parse_token_list("a,b , c")) == "|a|b|c|");
  CHECK(shown(parse_token_list("13")) == "|13|");
}

TEST_CASE("P03 P10 a bad token list names the first place that is wrong") {
  CHECK(shown(parse_token_list("???")) == "expected a token at 0");
  CHECK(shown(parse_token_list("a; b")) == "expected a comma at 1");
  CHECK(shown(parse_token_list("")) == "expected a token at 0");
  CHECK(shown(parse_token_list(",\t,")) == "expected a token at 3");
  CHECK(shown(parse_token_list("foo; bar")) == "expected a comma at 3");
  CHECK(shown(parse_token_list("a, \"b\"")) == "expected a token at 3");
}

TEST_CASE("P04 P05 an Upgrade list holds protocols with and without version") {
  CHECK(shown(parse_upgrade_list("http/3.0, websocket")) == "|http/3.0|websocket|");
  CHECK(shown(parse_upgrade_list(" websocket ,")) == "|websocket|");
  CHECK(shown(parse_upgrade_list("websocket 2")) == "expected a comma at 10");
  CHECK(shown(parse_upgrade_list("http/")) == "expected a token at 5");
  CHECK(shown(parse_upgrade_list("/3")) == "expected a token at 0");
  CHECK(shown(parse_upgrade_list("a/b/c")) == "expected a comma at 3");
}

TEST_CASE("P08 P09 a quoted string loses its quotes and escapes") {
  CHECK(unquoted("\"b\\az\"") == "baz to 6");
  CHECK(unquoted("\"\"") == " to 2");
  CHECK(unquoted("\" a\tb \"; c") == " a\tb  to 7");
  CHECK(unquoted("\"\\\"\\\\\"") == "\"\\ to 6");
  CHECK(unquoted("\"\xc3\xa4\"") == "\xc3\xa4 to 4");
}

TEST_CASE("P09 a bad quoted string is an error") {
  CHECK(unquoted("") == "expected a quoted string at 0");
  CHECK(unquoted("baz\"") == "expected a quoted string at 0");
  CHECK(unquoted("\"baz") == "expected a closing quote at 4");
  CHECK(unquoted("\"baz\\") == "expected an escaped character at 5");
  CHECK(unquoted("\"a\x01\"") == "expected no control character at 2");
  CHECK(unquoted("\"a\\\x7f\"") == "expected no control character at 3");
}

TEST_CASE("a scanner reads a value from left to right") {
  FieldScanner scanner(" , foo  ;bar = 42,,");
  scanner.skip_list_separators();
  CHECK(*scanner.token() == "foo");
  scanner.skip_white_space();
  CHECK_FALSE(scanner.take(','));
  CHECK(scanner.take(';'));
  CHECK(*scanner.token() == "bar");
  CHECK(scanner.end_of_element().error().message == "expected a comma at 13");
  CHECK(scanner.take('='));
  scanner.skip_white_space();
  CHECK(*scanner.token() == "42");
  CHECK_FALSE(scanner.at_end());
  CHECK(scanner.end_of_element().ok());
  CHECK(scanner.at_end());
  CHECK_FALSE(scanner.take('x'));
  CHECK(scanner.position() == 19);
}

TEST_CASE("a list is searched without regard to case") {
  CHECK(list_contains({"keep-alive", "UPGRADE"}, "upgrade"));
  CHECK_FALSE(list_contains({"upgrades"}, "upgrade"));
  CHECK_FALSE(list_contains({}, ""));
}
