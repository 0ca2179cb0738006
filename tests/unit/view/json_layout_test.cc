#include "view/json_layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace wscope;
using namespace std::string_literals;
using view::pretty_json;

namespace {

// The layout of a valid text.
std::string lay_out(std::string_view text) {
  const auto pretty = pretty_json(text);
  CAPTURE(text);
  REQUIRE(pretty.has_value());
  return *pretty;
}

std::string repeat(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("members and elements stand on lines of their own") {
  const std::string pretty =
      "{\n"
      "  \"a\": 1,\n"
      "  \"b\": [\n"
      "    true,\n"
      "    {\n"
      "      \"c\": null\n"
      "    }\n"
      "  ],\n"
      "  \"d\": \"x\"\n"
      "}";
  CHECK(lay_out(R"({"a":1,"b":[true,{"c":null}],"d":"x"})") == pretty);
  CHECK(lay_out(" \t{ \"a\" :1 ,\"b\":\r\n[true , {\"c\": null} ],\"d\":\"x\" }\n") == pretty);
  CHECK(lay_out(pretty) == pretty);
}

TEST_CASE("what is empty stays on one line") {
  CHECK(lay_out("{ }") == "{}");
  CHECK(lay_out("[\n]") == "[]");
  CHECK(lay_out("[{},[],[[]]]") == "[\n  {},\n  [],\n  [\n    []\n  ]\n]");
}

TEST_CASE("a value alone is JSON") {
  for (const std::string_view text : {"1", "\"a b\"", "true", "false", "null", "\"\""}) CHECK(lay_out(text) == text);
}

TEST_CASE("numbers stay as they are written") {
  for (const std::string_view number : {"0", "-0", "1.0", "1.10", "1e400", "-1E+5", "2.5e-0007", "12345678901234567890",
                                        "0.1000000000000000000000000000000001", "9999999999999999999999999999"}) {
    CHECK(lay_out(number) == number);
    CHECK(lay_out("[" + std::string(number) + "]") == "[\n  " + std::string(number) + "\n]");
  }
}

TEST_CASE("strings, the order of keys and repeated keys stay as they are written") {
  CHECK(lay_out(R"({"b":"\u00e9\/\ud800","a":"é\n","b":"{[,:]}","":"\\"})") ==
        "{\n"
        R"(  "b": "\u00e9\/\ud800",)"
        "\n"
        R"(  "a": "é\n",)"
        "\n"
        R"(  "b": "{[,:]}",)"
        "\n"
        R"(  "": "\\")"
        "\n}");
}

TEST_CASE("what is not JSON has no layout") {
  for (const std::string_view text : {"",
                                      " ",
                                      "hello",
                                      "1 2",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "[1",
                                      "[1,",
                                      "[1,]",
                                      "[,1]",
                                      "[,]",
                                      "[1 2]",
                                      "{,}",
                                      "{1:2}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1",
                                      "[1}",
                                      "{\"a\":1]",
                                      "{\"a\":1,}",
                                      "{\"a\" 1}",
                                      "{\"a\":1 \"b\":2}",
                                      "[\"a\":1]",
                                      "{\"a\":1:2}",
                                      "1,",
                                      ":",
                                      ",",
                                      "[1]]",
                                      "{}{}",
                                      "[{]}",
                                      "tru",
                                      "truE",
                                      "nulll",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "'a'",
                                      "// x\n1",
                                      "{a:1}",
                                      "[1]x",
                                      "\xef\xbb\xbf{}",
                                      "\xc2\xa0{}",
                                      "\v1",
                                      "{\"a\",\"b\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(pretty_json(text).has_value());
  }
}

TEST_CASE("what is not a number has no layout") {
  for (const std::string_view text : {"-", "+1", "01", "-01", "00", "1.", ".5", "1.e5", "1e", "1e+", "1e1.5", "0x10",
                                      "1_000", "--1", "1-", "e5", "1e5e5", "1.2.3"}) {
    CAPTURE(text);
    CHECK_FALSE(pretty_json(text).has_value());
    CHECK_FALSE(pretty_json("[" + std::string(text) + "]").has_value());
  }
}

TEST_CASE("what is not a string has no layout") {
  for (const std::string_view text : {"\"", "\"a", "\"\\\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u123",
                                      "\"\n\"", "\"\t\"", "\"\x1f\"", "\"a\"\"", "\"\\U0041\""}) {
    CAPTURE(text);
    CHECK_FALSE(pretty_json(text).has_value());
  }
  CHECK_FALSE(pretty_json("\"\0\""s).has_value());
}

TEST_CASE("what is not UTF-8 has no layout") {
  for (const std::string_view text : {"\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xc0\xaf\""}) {
    CHECK_FALSE(pretty_json(text).has_value());
  }
}

TEST_CASE("it is safe for a terminal") {
  CHECK(lay_out("[\"\u202eabc\u009b2J\x7f\"]") == "[\n  \"\\u{202e}abc\\x9b2J\\x7f\"\n]");
  CHECK(lay_out("{\"\u2066\":\"\\u001b\"}") == "{\n  \"\\u{2066}\": \"\\u001b\"\n}");
}

TEST_CASE("keys, strings, numbers and words have their colours") {
  CHECK(pretty_json(R"({"a":["b",1,null]})", view::Style(true)) ==
        "{\n  \x1b[36m\"a\"\x1b[0m: [\n    \x1b[32m\"b\"\x1b[0m,\n    \x1b[33m1\x1b[0m,\n    \x1b[35mnull\x1b[0m\n  "
        "]\n}");
}

TEST_CASE("depth is bounded") {
  CHECK(pretty_json(repeat("[", 1024) + repeat("]", 1024)).has_value());
  CHECK_FALSE(pretty_json(repeat("[", 1025) + repeat("]", 1025)).has_value());
  CHECK_FALSE(pretty_json(repeat("[", 10'000'000)).has_value());
  CHECK_FALSE(pretty_json(repeat("{\"a\":", 1025) + "1" + repeat("}", 1025)).has_value());
}

TEST_CASE("indentation ends to grow at some depth, so that the result stays in proportion") {
  const std::string pretty = lay_out(repeat("[", 34) + "1" + repeat("]", 34));
  CHECK(pretty.find("\n" + std::string(64, ' ') + "1\n") != std::string::npos);
  const std::string deep = repeat("[", 1000) + "1" + repeat(",1", 100'000) + repeat("]", 1000);
  CHECK(lay_out(deep).size() < 40 * deep.size());
}

TEST_CASE("a large text is laid out whole") {
  const std::string text = "[" + repeat("{\"key\":\"value\"},", 100'000) + "\"" + std::string(1'000'000, 'x') + "\"]";
  const std::string pretty = lay_out(text);
  CHECK(std::count(pretty.begin(), pretty.end(), '\n') == 300'002);
  CHECK(pretty.ends_with("xxx\"\n]"));
}
