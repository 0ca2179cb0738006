#include "view/json.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace wscope;
using view::JsonObject;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  view::append_json_string(text, out);
  return out;
}

template <typename Fill>
std::string object(Fill&& fill) {
  std::string out;
  JsonObject object(out);
  fill(object);
  object.end();
  return out;
}

std::string list(std::string_view value) {
  return object([&](JsonObject& o) { o.list("k", value); });
}

}  // namespace

TEST_CASE("a string is written in quotation marks as it is") {
  CHECK(json_string("") == R"("")");
  CHECK(json_string("plain ASCII ~ /'") == R"("plain ASCII ~ /'")");
  CHECK(json_string("Grüße, 日本語, 😀") == R"("Grüße, 日本語, 😀")");
  CHECK(json_string("\u0080\u2028\ufeff\U0010ffff") == "\"\u0080\u2028\ufeff\U0010ffff\"");
}

TEST_CASE("what JSON wants escaped is escaped, and DEL") {
  CHECK(json_string(R"(say "hi" \o/)") == R"("say \"hi\" \\o/")");
  CHECK(json_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(json_string(std::string_view("\0\x01\x1f\x7f", 4)) == R"("\u0000\u0001\u001f\u007f")");
  CHECK(json_string("\nab\n\ncd\n") == R"("\nab\n\ncd\n")");
  CHECK(json_string("ü\x1b[0mü") == R"("ü\u001b[0mü")");
}

TEST_CASE("a character is escaped wherever it stands") {
  for (int code = 0; code < 0x80; ++code) {
    const char c = static_cast<char>(code);
    std::string escaped = json_string(std::string(1, c));
    escaped = escaped.substr(1, escaped.size() - 2);
    for (std::size_t at = 0; at < 20; ++at) {
      const std::string before(at, 'x');
      const std::string behind = std::string(19 - at, '~') + "ü";
      CHECK(json_string(before + c + behind + c) == '"' + before + escaped + behind + escaped + '"');
    }
  }
}

TEST_CASE("a string that is not UTF-8 is taken for Latin-1") {
  CHECK(json_string("caf\xe9") == R"("café")");
  CHECK(json_string("\x80\xff\n\"") == "\"\u0080\u00ff\\n\\\"\"");
  CHECK(json_string("\xc3\xa9 and \xe9") == R"("Ã© and é")");
}

TEST_CASE("whatever a string holds, it is UTF-8 without control characters") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string out = json_string(std::string{static_cast<char>(first), static_cast<char>(second)});
      bool fine = base::is_utf8(base::as_bytes(out));
      for (const char c : out) fine = fine && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
      if (!fine) FAIL_CHECK(first, " ", second);
    }
  }
}

TEST_CASE("an object is one line, its keys in the order of the calls") {
  CHECK(object([](JsonObject&) {}) == "{}\n");
  CHECK(object([](JsonObject& o) { o.text("b", "x\n").word("a", "y").null("n").text("b", ""); }) ==
        R"({"b":"x\n","a":"y","n":null,"b":""})"
        "\n");
}

TEST_CASE("objects are appended to what is there") {
  std::string out = "before\n";
  JsonObject(out).boolean("yes", true).boolean("no", false).end();
  JsonObject(out).end();
  CHECK(out == "before\n{\"yes\":true,\"no\":false}\n{}\n");
}

TEST_CASE("numbers are written in full") {
  CHECK(object([](JsonObject& o) { o.number("a", 0).number("b", 18'446'744'073'709'551'615U); }) ==
        R"({"a":0,"b":18446744073709551615})"
        "\n");
}

TEST_CASE("milliseconds have three decimals") {
  CHECK(object([](JsonObject& o) { o.milliseconds("a", 0.0804).milliseconds("b", 12).milliseconds("c", 1e9); }) ==
        R"({"a":0.080,"b":12.000,"c":1000000000.000})"
        "\n");
}

TEST_CASE("a time is written in UTC") {
  CHECK(object([](JsonObject& o) { o.time("t", view::WallTime()); }) == "{\"t\":\"1970-01-01T00:00:00.000000Z\"}\n");
}

TEST_CASE("headers are pairs in their order, repeats kept") {
  CHECK(object([](JsonObject& o) { o.headers("h", {}); }) == "{\"h\":[]}\n");
  CHECK(object([](JsonObject& o) {
          o.headers("h", {{"Set-Cookie", "a=\"1\""}, {"set-cookie", "b"}, {"X", "caf\xe9"}}).number("n", 1);
        }) == R"({"h":[["Set-Cookie","a=\"1\""],["set-cookie","b"],["X","café"]],"n":1})"
              "\n");
}

TEST_CASE("a list is cut at its commas") {
  CHECK(list("") == "{\"k\":[]}\n");
  CHECK(list("permessage-deflate; server_max_window_bits=10") ==
        "{\"k\":[\"permessage-deflate; server_max_window_bits=10\"]}\n");
  CHECK(list("one, two;\t a ,three") == "{\"k\":[\"one\",\"two;\\t a\",\"three\"]}\n");
  CHECK(list(" ,\t, one,") == "{\"k\":[\"one\"]}\n");
  CHECK(list(",") == "{\"k\":[]}\n");
}

TEST_CASE("strings and objects are listed in their order") {
  const std::vector<std::string> words = {"a", "\"", ""};
  CHECK(object([&](JsonObject& o) { o.strings("k", words).strings("none", {}); }) == R"({"k":["a","\"",""],"none":[]})"
                                                                                     "\n");
  const auto write = [](JsonObject& inner, int value) {
    if (value > 0) inner.number("n", static_cast<std::uint64_t>(value));
  };
  CHECK(object([&](JsonObject& o) {
          o.objects("k", std::vector<int>{1, 0, 2}, write).objects("none", std::vector<int>(), write).null("z");
        }) == R"({"k":[{"n":1},{},{"n":2}],"none":[],"z":null})"
              "\n");
}

TEST_CASE("bytes are written in base64 or as hexadecimal digits") {
  const std::string_view bytes("\xff\x00\x0a\xb7", 4);
  CHECK(object([&](JsonObject& o) {
          o.base64("a", base::as_bytes(bytes)).base64("b", {}).hex("c", base::as_bytes(bytes)).hex("d", {});
        }) == R"({"a":"/wAKtw==","b":"","c":"ff000ab7","d":""})"
              "\n");
}
