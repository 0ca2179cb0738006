#include "view/json.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace wscope;
using view::JsonObject;

namespace {

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

TEST_CASE("a value that is JSON stays as it is, on one line") {
  CHECK(object([](JsonObject& o) { o.json("a", "1e400").json("b", "{ \"x\" :\n\"y z\" }"); }) ==
        "{\"a\":1e400,\"b\":{\"x\":\"y z\"}}\n");
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
