#include "script/snapshot.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

std::string snapshot(std::string_view payload, const std::vector<std::string>& except = {}) {
  std::vector<talk::Path> paths;
  for (const std::string& text : except) {
    auto path = talk::Path::parse(text);
    REQUIRE(path);
    paths.push_back(std::move(path).value());
  }
  return script::snapshot_of(talk::Message(base::as_bytes(payload), false), paths);
}

}  // namespace

TEST_CASE("JSON is indented, its numbers and keys as they are") {
  CHECK(snapshot(R"( {"b":1.50,"a":[]} )") == "{\n  \"b\": 1.50,\n  \"a\": []\n}\n");
}

TEST_CASE("what is excepted is any value") {
  CHECK(
      snapshot(R"({"id":7,"a":[{"t":1},{"t":[2]}]})", {".id", ".a[].t", ".missing"}) ==
      "{\n  \"id\": \"*\",\n  \"a\": [\n    {\n      \"t\": \"*\"\n    },\n    {\n      \"t\": \"*\"\n    }\n  ]\n}\n");
  CHECK(snapshot(R"({"a":{"b":1}})", {".a.b", ".a"}) == "{\n  \"a\": \"*\"\n}\n");
}

TEST_CASE("what is not JSON is kept as it is") { CHECK(snapshot("plain \x01") == "plain \x01\n"); }
