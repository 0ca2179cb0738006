#include "link/recollection.h"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace wscope;

namespace {

struct Fixture {
  std::string fill(std::string_view text) {
    const auto made = talk::Template::parse(text);
    if (!made) return "error: " + made.error().message;
    const auto filled = made->fill(names);
    return filled ? *filled : "missing";
  }
  void match(std::string_view text, std::string_view payload) {
    const auto match = talk::Match::parse_argument(text);
    REQUIRE(match.ok());
    const talk::Message message(base::as_bytes(payload), false);
    REQUIRE(match->matches(message));
    names.remember(*match, message);
  }

  base::SystemRandom random;
  link::Recollection names{random};
};

std::string unknown(std::string_view text, const link::Nameable& known) {
  const auto flaw = link::find_unknown(talk::Template::parse(text).value(), known);
  return flaw ? std::to_string(flaw->at) + " " + flaw->message : "none";
}

}  // namespace

TEST_CASE("groups and paths are those of the message that matched last") {
  Fixture fixture;
  CHECK(fixture.fill("{{0}}") == "missing");
  CHECK(fixture.fill("{{.id}}") == "missing");
  fixture.match(R"("id":(\d+)(x)?)", R"({"id":7,"name":"n"})");
  CHECK(fixture.fill("{{0}} {{1}} {{.name}} {{.id|json}}") == R"("id":7 7 n 7)");
  CHECK(fixture.fill("{{2}}") == "missing");
  CHECK(fixture.fill("{{3}}") == "missing");
  fixture.match("^x$", "x");
  CHECK(fixture.fill("{{1}}") == "missing");
  CHECK(fixture.fill("{{.id}}") == "missing");
}

TEST_CASE("groups with names become variables, which stay") {
  Fixture fixture;
  fixture.match("(?P<word>b.)", "abc");
  fixture.match("x", "x");
  CHECK(fixture.fill("{{word}}") == "bc");
  fixture.names.set("other", {talk::Value::Kind::json, "\"q\""});
  CHECK(fixture.fill("{{other}}{{other|json}}") == "q\"q\"");
  CHECK(fixture.fill("{{nobody}}") == "missing");
}

TEST_CASE("time is what it is said to be") {
  Fixture fixture;
  fixture.names.set_time(view::WallTime(std::chrono::milliseconds(1'500)));
  CHECK(fixture.fill("{{now}} {{unix}} {{unix_ms}}") == "1970-01-01T00:00:01.500000Z 1 1500");
  fixture.names.set_round(4);
  CHECK(fixture.fill("{{n}}") == "4");
}

TEST_CASE("a uuid is new each time, and of version 4") {
  Fixture fixture;
  const std::string uuid = fixture.fill("{{uuid}}");
  REQUIRE(uuid.size() == 36);
  CHECK(uuid[14] == '4');
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
  CHECK(uuid != fixture.fill("{{uuid}}"));
}

TEST_CASE("a random number is between its bounds, both included") {
  Fixture fixture;
  bool low = false;
  bool high = false;
  for (int i = 0; i < 1000; ++i) {
    const std::string number = fixture.fill("{{random -1 1}}");
    CHECK((number == "-1" || number == "0" || number == "1"));
    low = low || number == "-1";
    high = high || number == "1";
  }
  CHECK(low);
  CHECK(high);
  CHECK(fixture.fill("{{random 5 5}}") == "5");
  CHECK(!fixture.fill("{{random -9223372036854775808 9223372036854775807}}").empty());
}

TEST_CASE("the environment is read") {
  ::setenv("WSCOPE_TEST_NAME", "value", 1);
  CHECK(Fixture().fill("{{env.WSCOPE_TEST_NAME}}") == "value");
  CHECK(unknown("{{env.WSCOPE_TEST_NAME}}", {}) == "none");
  ::unsetenv("WSCOPE_TEST_NAME");
  CHECK(unknown("x{{env.WSCOPE_TEST_NAME}}", {}) == "1 WSCOPE_TEST_NAME is not set in the environment");
}

TEST_CASE("names that stand for nothing are found before") {
  link::Nameable known;
  CHECK(unknown("{{uuid}}{{n}}{{random 1 2}}", known) == "none");
  CHECK(unknown("ab{{0}}", known) == "2 there is no group 0");
  CHECK(unknown("{{.a}}", known) == "0 no message was matched by then");
  CHECK(unknown("{{x}}", known) == "0 {{x}} stands for nothing");
  known.add(talk::Match::parse_argument("(?P<x>a)(b)").value());
  CHECK(unknown("{{0}}{{1}}{{2}}{{.a}}{{x}}", known) == "none");
  CHECK(unknown("{{3}}", known) == "0 there is no group 3");
  known.add(talk::Match::parse_argument("z").value());
  CHECK(unknown("{{1}}", known) == "0 there is no group 1");
  CHECK(unknown("{{x}}", known) == "none");
}

TEST_CASE("a message that was not looked for in particular is its own match") {
  Fixture fixture;
  fixture.match("a(b)", "ab");
  const std::string payload = R"({"id":7})";
  fixture.names.remember(talk::Message(base::as_bytes(payload), false));
  CHECK(fixture.fill("{{0}} {{.id}}") == payload + " 7");
  CHECK(fixture.fill("{{1}}") == "missing");
  fixture.names.set("x", {talk::Value::Kind::text, "y"});
  CHECK(fixture.names.variables().count("x") == 1);
}
