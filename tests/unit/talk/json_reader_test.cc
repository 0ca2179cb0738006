#include "talk/json_reader.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

namespace {

std::string tokens(std::string_view text) {
  talk::JsonReader reader(text);
  std::string all;
  while (const auto token = reader.next()) {
    all += token->first ? "!" : "";
    all += token->kind == talk::JsonToken::Kind::key ? "key:" : "";
    all += std::string(token->text) + " ";
  }
  return all + (reader.complete() ? "." : "?");
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("a value is read token by token, as they are written") {
  CHECK(tokens(" { \"a\" : [ 1.50 , \"\\u0041\" ] , \"b\":{}} ") ==
        "{ !key:\"a\" : [ !1.50 , \"\\u0041\" ] , key:\"b\" : { !} } .");
  CHECK(tokens("[]") == "[ !] .");
  CHECK(tokens("true") == "true .");
  CHECK(tokens("-0.5e+10") == "-0.5e+10 .");
}

TEST_CASE("a reader stops behind one value, which may have something behind it") {
  talk::JsonReader reader("1 and");
  CHECK(reader.next());
  CHECK(reader.complete());
  CHECK(!reader.next());
  CHECK(reader.position() == 1);
  CHECK(!reader.at_end());
}

TEST_CASE("JSON is what RFC 8259 says") {
  for (const char* text :
       {"null", " \t\r\n1 ", "\"\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud800\"", "0", "-0", "1E5", "1e-5",
        "12345678901234567890123456789", "[[],{}]", "{\"a\":1,\"a\":2}", "\"\x7f\xc3\xa9\""}) {
    CAPTURE(text);
    CHECK(talk::is_json(text));
  }
  for (const char* text : {"",
                           " ",
                           "nul",
                           "nulll",
                           "True",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "--1",
                           "0x1",
                           "NaN",
                           "'a'",
                           "\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\n\"",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{a:1}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{1:1}",
                           "[",
                           "]",
                           "[}",
                           "{]",
                           "1 1",
                           "\"\xff\"",
                           "\xef\xbb\xbf"
                           "1"}) {
    CAPTURE(text);
    CHECK(!talk::is_json(text));
  }
}

TEST_CASE("it is 1024 levels deep at most") {
  CHECK(talk::is_json(nested(1024)));
  CHECK(!talk::is_json(nested(1025)));
  CHECK(!talk::is_json(std::string(1'000'000, '[')));
}
