#include "talk/path.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

constexpr std::string_view document =
    R"({"data":{"items":[{"id":1,"n":"a"},{"id":2},{"n":"c"}],"a key":true,"$x-1":9},"":0,"été":5,"list":[[1,2],[3]]})";

// All that a path leads to, "-" for what is missing.
std::string found(std::string_view path, std::string_view value = document) {
  const auto parsed = talk::Path::parse(path);
  if (!parsed) return "error: " + parsed.error().message + "\n" + parsed.error().excerpt;
  std::string all;
  parsed->visit(value, [&all](const talk::Part& part) {
    all += (all.empty() ? "" : " ") + std::string(part.value_or("-"));
    return false;
  });
  return all;
}

}  // namespace

TEST_CASE("a path leads through keys and elements") {
  CHECK(found(".data.items[0].id") == "1");
  CHECK(found(".data.items[-1].n") == "\"c\"");
  CHECK(found(".data.items[-3].id") == "1");
  CHECK(found(".data[\"a key\"]") == "true");
  CHECK(found(".data.\"a key\"") == "true");
  CHECK(found(".data['a key']") == "true");
  CHECK(found(".été") == "5");
  CHECK(found(".\"\"") == "0");
  CHECK(found(".[\"list\"][1][0]") == "3");
  CHECK(found(".list [0]").starts_with("error"));
  CHECK(found(".list[ 0 ][ 1 ]") == "2");
}

TEST_CASE("a dot alone is the whole value") {
  CHECK(found(".", "[1]") == "[1]");
  CHECK(found(".[0]", "[1]") == "1");
}

TEST_CASE("the first dot may be left out of a path that is alone") {
  CHECK(found("data.items[0].id") == "1");
  CHECK(found("[1]", "[1,2]") == "2");
  CHECK(found("", "[1]") == "[1]");
}

TEST_CASE("empty brackets and a star are every element and every value") {
  CHECK(found(".data.items[].id") == "1 2 -");
  CHECK(found(".data.items[*].n") == "\"a\" - \"c\"");
  CHECK(found(".list[][]") == "1 2 3");
  CHECK(found(".[]", R"({"a":1,"b":2})") == "1 2");
  CHECK(found(".[]", "[]") == "-");
}

TEST_CASE("a path that leads nowhere is missing") {
  CHECK(found(".nothing") == "-");
  CHECK(found(".nothing.more[0][]") == "-");
  CHECK(found(".data.items[3]") == "-");
  CHECK(found(".data.items[-4]") == "-");
  CHECK(found(".data[0]") == "-");
  CHECK(found(".list.key") == "-");
  CHECK(found(".[].x", "1") == "-");
}

TEST_CASE("the first part is enough for who wants one") {
  const auto path = talk::Path::parse(".data.items[].id");
  REQUIRE(path.ok());
  CHECK(path->first(document) == "1");
  CHECK(path->is_several());
  CHECK(!talk::Path::parse(".a[0]")->is_several());
}

TEST_CASE("what is wrong with a path is shown") {
  CHECK(found(".data..id") == "error: expected a key: a name or a string\n  .data..id\n        ^");
  CHECK(found(".data[x]") == "error: expected ], an index, a string or *\n  .data[x]\n        ^");
  CHECK(found("data.1") == "error: expected a key: a name or a string\n  data.1\n       ^");
  CHECK(found("..a") == "error: expected a key: a name or a string\n  ..a\n   ^");
  CHECK(found(".a['b]") == "error: this quote has no end\n  .a['b]\n     ^");
  CHECK(found(".a[99999999999999999999]") == "error: this is no index\n  .a[99999999999999999999]\n     ^");
  CHECK(found(".a b") == "error: this is no part of a path\n  .a b\n    ^");
}

TEST_CASE("a path has 1024 steps at most") {
  std::string path;
  for (int i = 0; i < 5000; ++i) path += "[0]";
  CHECK(found("." + path).starts_with("error: this path has more than 1024 steps"));
}
