#include "capture/json_scanner.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"
#include "talk/json_reader.h"

using namespace wscope;
using namespace std::string_literals;
using capture::JsonScanner;
using Kind = JsonScanner::Token::Kind;

namespace {

struct Scanned {
  std::vector<std::string> tokens;  // "{", "[", "}", "key:", "value", each with its offset
  std::string error;
  friend bool operator==(const Scanned&, const Scanned&) = default;
};

Scanned scan(const std::string& text, std::size_t kept = 1000) {
  Scanned whole;
  test::for_each_split(text, [&](test::Pieces pieces, const std::string& name) {
    JsonScanner scanner;
    Scanned scanned;
    const auto take = [&] {
      const auto token = scanner.next_event();
      if (!token) return;
      CHECK_FALSE(scanner.next_event().has_value());
      std::string shown(token->text);
      if (token->kind == Kind::begin_object) shown = "{";
      if (token->kind == Kind::begin_array) shown = "[";
      if (token->kind == Kind::end) shown = "}";
      if (token->kind == Kind::key) shown += ":";
      if (!token->whole) shown += "...";
      scanned.tokens.push_back(shown + "@" + std::to_string(token->offset));
      scanner.keep(kept);
    };
    scanner.keep(kept);
    for (const base::MutableBytes piece : pieces) {
      base::Bytes rest = piece;
      while (!rest.empty()) {
        const std::size_t taken = scanner.receive(rest);
        REQUIRE(taken <= rest.size());
        rest = rest.subspan(taken);
        take();
      }
      std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
    }
    scanner.receive_eof();
    take();
    if (scanner.error()) scanned.error = scanner.error()->message;
    if (name == "whole") whole = scanned;
    CAPTURE(name);
    CAPTURE(text);
    CHECK(scanned == whole);
  });
  return whole;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("tokens with their offsets") {
  CHECK(scan(R"( {"a" : [1, -2.5e3,true,"x\"\\\u00e9"], "b":{}} )").tokens ==
        Lines{"{@1", "\"a\":@2", "[@8", "1@9", "-2.5e3@12", "true@19", R"("x\"\\\u00e9"@24)", "}@37", "\"b\":@40",
              "{@44", "}@45", "}@46"});
  CHECK(scan("12").tokens == Lines{"12@0"});
  CHECK(scan("\xef\xbb\xbf[]").tokens == Lines{"[@3", "}@4"});
}

TEST_CASE("of strings so much is kept as is wished, of keys 256 bytes") {
  CHECK(scan(R"(["abcdef"])", 4).tokens == Lines{"[@0", "\"abc...@1", "}@9"});
  CHECK(scan(R"(["abcdef"])", 0).tokens == Lines{"[@0", "...@1", "}@9"});
  const std::string key = "\"" + std::string(300, 'k') + "\"";
  CHECK(scan("{" + key + ":1}").tokens[1] == key.substr(0, 256) + ":...@1");
  CHECK(scan("[" + std::string(200, '7') + "]").tokens[1].ends_with("...@1"));
}

TEST_CASE("what is not JSON is named with its byte") {
  CHECK(scan("{]").error == "byte 1: a bracket that closes nothing");
  CHECK(scan("[1 2]").error == "byte 3: not JSON");
  CHECK(scan("[1,]").error == "byte 3: a bracket that closes nothing");
  CHECK(scan("{\"a\" 1}").error == "byte 5: not JSON");
  CHECK(scan("[tru]").error == "byte 1: neither a number nor true, false or null");
  CHECK(scan("[\"a\nb\"]").error == "byte 3: a control character in a JSON string");
  CHECK(scan("[\"\\x\"]").error == "byte 3: not an escape of JSON");
  CHECK(scan("[\"\\u12g4\"]").error == "byte 6: not an escape of JSON");
  CHECK(scan("[1").error == "byte 2: the JSON text ends too early");
  CHECK(scan("").error == "byte 0: the JSON text ends too early");
  CHECK(scan("[] x").error == "byte 3: not JSON");
  CHECK(scan("{1:2}").error == "byte 1: not JSON");
  CHECK(scan("{{}}").error == "byte 1: a value where JSON has none");
  CHECK(scan("[\"a\" \"b\"]").error == "byte 5: a string where JSON has none");
  CHECK(scan(std::string(1025, '[')).error == "byte 1024: JSON of more than 1024 levels");
}

TEST_CASE("it takes for JSON what the strict reader does") {
  for (const std::string text :
       {"[]", "{}", "[[],{}]", "{\"a\":{\"b\":[null]}}", "0", "-0", "01", "1.", "\"x\"", "[,]", "{,}", "{\"a\":}",
        "{\"a\"}", "[1e5,1E+5]", "[nul]", "[truefalse]", "nullx", "[--1]"}) {
    CAPTURE(text);
    CHECK(scan(text).error.empty() == talk::is_json(text));
  }
}
