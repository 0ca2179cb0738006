#include "repl/variables.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using talk::Value;

namespace {

struct Fixture {
  base::SystemRandom random;
  repl::Variables variables{random};

  Fixture() { variables.turn(true); }
  void set(std::string_view name, std::string text, Value::Kind kind = Value::Kind::text) {
    CHECK(variables.set(name, {kind, std::move(text)}).ok());
  }
  std::string fill(std::string_view text) {
    const auto filled = variables.fill(text);
    return filled ? *filled : "error: " + filled.error().message;
  }
  bool matches(std::string_view match, std::string_view text) {
    const auto read = variables.read_match(match);
    REQUIRE(read.ok());
    return read->matches({base::as_bytes(text), false});
  }
};

}  // namespace

TEST_CASE("names are filled in once they are to be") {
  Fixture fixture;
  fixture.set("x", "1");
  fixture.set("json", "\"a\\n\"", Value::Kind::json);
  CHECK(fixture.fill("{{x}}{{ json }}, {{json|json}} \\{{x}}") == "1a\n, \"a\\n\" {{x}}");
  CHECK(fixture.fill("{\"a\":{\"b\":1}}") == "{\"a\":{\"b\":1}}");
  fixture.variables.turn(false);
  CHECK(fixture.fill("{{x}} \\{{y}}") == "{{x}} \\{{y}}");
  CHECK(!fixture.variables.find_unknown("{{y}}"));
}

TEST_CASE("a name that stands for nothing is an error") {
  Fixture fixture;
  CHECK(fixture.fill("a {{x}}") == "error: {{x}} stands for nothing");
  CHECK(fixture.variables.find_unknown("a {{x}}")->excerpt.find("^") != std::string::npos);
  CHECK(fixture.fill("{{0}}") == "error: there is no group 0");
  CHECK(fixture.fill("{{x y}}").starts_with("error: "));
  fixture.set("x", "{{y}}");
  CHECK(fixture.fill("{{x}}") == "{{y}}");
  CHECK(fixture.variables.forget("x"));
  CHECK(!fixture.variables.forget("x"));
  CHECK(fixture.fill("{{x}}") == "error: {{x}} stands for nothing");
}

TEST_CASE("what was matched has names") {
  Fixture fixture;
  const auto match = talk::Match::parse_argument("(?P<user>\\w+)|(\\d\\d)").value();
  fixture.variables.remember(match, {base::as_bytes("anna"), false});
  CHECK(fixture.fill("{{user}} {{0}} {{1}}") == "anna anna anna");
  CHECK(fixture.fill("{{2}}") == "error: there is nothing for {{2}}");
  CHECK(fixture.fill("{{3}}") == "error: there is no group 3");
  CHECK(fixture.fill("{{.a}}") == "error: there is nothing for {{.a}}");
}

TEST_CASE("a match is filled in, and a value stands for its characters there") {
  Fixture fixture;
  fixture.set("x", "a.c");
  fixture.set("id", "7");
  CHECK(fixture.matches("^{{x}}$", "a.c"));
  CHECK(!fixture.matches("^{{x}}$", "abc"));
  CHECK(fixture.matches(".id == {{id}}", "{\"id\":7}"));
  CHECK(!fixture.variables.read_match("{{y}}").ok());
  fixture.variables.turn(false);
  CHECK(fixture.matches("^a{2}$", "aa"));
}

TEST_CASE("not everything is a name") {
  Fixture fixture;
  for (const char* name : {"", "1", "a-b", "a b", "ä"}) {
    CAPTURE(name);
    CHECK(!fixture.variables.set(name, {}).ok());
  }
  CHECK(fixture.variables.set("uuid", {}).error().message == "{{uuid}} stands for something else");
  CHECK(fixture.variables.set("n", {}).error().message == "{{n}} stands for something else");
  fixture.set("_a1", "b\x1b");
  fixture.set("z", "{\"a\":1}", Value::Kind::json);
  CHECK(fixture.variables.describe() == "  _a1 = b\\x1b\n  z = {\"a\":1}\n");
}
