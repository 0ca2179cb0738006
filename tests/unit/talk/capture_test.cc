#include "talk/capture.h"

#include <doctest/doctest.h>

#include <chrono>

#include "base/bytes.h"
#include "unit/talk/talking.h"

using namespace wscope;
using namespace wscope::talk;

namespace {

std::string flaw_of(std::string_view text) {
  Source source(text, Source::Names::filled_in);
  CHECK(!Capture::read(source));
  REQUIRE(source.flaw());
  return std::to_string(source.flaw()->at) + " " + source.flaw()->message;
}

std::string captured(std::string_view text, const Occasion& occasion, const test::KnownNames& names = {}) {
  Source source(text, Source::Names::filled_in);
  const auto capture = Capture::read(source);
  REQUIRE(capture);
  CHECK(source.at_end());
  const auto value = capture->of(occasion, names);
  if (!value) {
    CHECK(value.error().kind == base::ErrorKind::expectation);
    return "! " + value.error().message;
  }
  return capture->name() + (value->kind == Value::Kind::json ? "=json " : "=") + value->text;
}

std::string captured(std::string_view text, std::string_view payload, bool binary = false) {
  const Message message(base::as_bytes(payload), binary);
  Occasion occasion;
  occasion.message = &message;
  return captured(text, occasion);
}

}  // namespace

TEST_CASE("a path keeps the first value with its type") {
  CHECK(captured("id = .a.id", R"({"a":{"id":1.50}})") == "id=json 1.50");
  CHECK(captured("id=.a[].id", R"({"a":[{"id":"x"},{"id":"y"}]})") == R"(id=json "x")");
  CHECK(captured("id = .b", R"({"a":1})") == "! .b is missing");
  CHECK(captured("id = .b", "plain") == "! what was matched is not JSON");
}

TEST_CASE("a regular expression keeps its first group, or all of it") {
  CHECK(captured(R"(t = /token: (\w+)/)", "a token: xyz!") == "t=xyz");
  CHECK(captured(R"(t = ~ /tok\w+/i)", "a TOKEN: xyz!") == "t=TOKEN");
  CHECK(captured("t = /(a)|b/", "b") == "! group 1 has matched nothing");
  CHECK(captured("t = /z/", "b") == "! the regular expression does not match");
  const test::KnownNames names({{"x", test::text_value("a.c")}});
  const Message message(base::as_bytes("abc a.c1"), false);
  Occasion occasion;
  occasion.message = &message;
  CHECK(captured(R"(t = /{{x}}(\d)/)", occasion, names) == "t=1");
  CHECK(captured(R"(t = /{{y}}(\d)/)", occasion, names).starts_with("! "));
}

TEST_CASE("the payload is kept as it is, or in hex") {
  CHECK(captured("t = text", "h\u00e9") == "t=h\u00e9");
  CHECK(captured("t = hex", "\x01\xff", true) == "t=01ff");
  CHECK(captured("t = text", "\xff", true) == "! what was matched is not UTF-8; hex takes it");
  CHECK(captured("t = text", Occasion{}) == "! there is no message");
}

TEST_CASE("other things that have happened have other fields") {
  Occasion occasion;
  CHECK(captured("t = status", occasion) == "! there is no status");
  CHECK(captured("t = code", occasion) == "! there is no code of a Close");
  CHECK(captured("t = reason", occasion) == "! there is no reason");
  CHECK(captured("t = rtt", occasion) == "! there is no Pong that answers a Ping");
  CHECK(captured("t = header Server", occasion) == "! there are no header fields");
  occasion.status = 403;
  occasion.code = 4000;
  occasion.reason = "bye";
  occasion.round_trip = std::chrono::microseconds(1500);
  occasion.header = [](std::string_view name) {
    return name == "Server" ? std::optional<std::string>("x") : std::nullopt;
  };
  CHECK(captured("t = status", occasion) == "t=json 403");
  CHECK(captured("t = code", occasion) == "t=json 4000");
  CHECK(captured("t = reason", occasion) == "t=bye");
  CHECK(captured("t = rtt", occasion) == "t=json 1.500");
  CHECK(captured("t = header Server", occasion) == "t=x");
  CHECK(captured("t = header Date", occasion) == "! there is no header field Date");
}

TEST_CASE("what is no capture is told where") {
  CHECK(flaw_of("1a = text") == "0 expected the name of a variable: letters, digits and _");
  CHECK(flaw_of("a-b = text").starts_with("0 expected the name"));
  CHECK(flaw_of("a text") == "2 expected = behind the name");
  CHECK(flaw_of("a = texts").starts_with("4 expected a path"));
  CHECK(flaw_of("a = header").starts_with("10 expected the name of a header"));
  CHECK(flaw_of("a = /(/").starts_with("5 "));
}
