#include "check/request_draft.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace wscope::check;

namespace {

Settings plain() {
  Settings settings;
  settings.request.method = "GET";
  settings.request.target = "/chat";
  settings.request.headers = {{"Host", "server:81"},     {"Upgrade", "websocket"},        {"Connection", "Upgrade"},
                              {"Sec-WebSocket-Key", ""}, {"Sec-WebSocket-Version", "13"}, {"Cookie", "a=b"}};
  return settings;
}

// The request behind these steps.
std::string after(std::string_view program, const Settings& settings = plain()) {
  base::SystemRandom random;
  RequestDraft draft(settings, random);
  const auto steps = parse_program(program);
  REQUIRE(steps.ok());
  for (const Step& step : *steps) {
    const auto changed = draft.change(step);
    REQUIRE(changed.ok());
    CHECK(*changed);
  }
  return draft.text();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a request is the plain one, with a key of its own") {
  const std::string text = after("");
  CHECK(text.starts_with("GET /chat HTTP/1.1\r\nHost: server:81\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
  CHECK(text.ends_with("Sec-WebSocket-Version: 13\r\nCookie: a=b\r\n\r\n"));
  CHECK(has(text, "Sec-WebSocket-Key: "));
  CHECK(!has(text, "Sec-WebSocket-Key: \r"));
  CHECK(after("") != text);
}

TEST_CASE("the request line can be anything") {
  CHECK(after("method POST").starts_with("POST /chat HTTP/1.1\r\n"));
  CHECK(after("version HTTP/1.0").starts_with("GET /chat HTTP/1.0\r\n"));
  CHECK(after("target {scheme}://{host}{target}").starts_with("GET http://server:81/chat HTTP/1.1\r\n"));
  CHECK(after("target {target?}a=1").starts_with("GET /chat?a=1 HTTP/1.1\r\n"));
  CHECK(after("line hello").starts_with("hello\r\nHost"));
  CHECK(after("before \\r\\n").starts_with("\r\nGET"));
}

TEST_CASE("fields are set in place, added and dropped") {
  CHECK(has(after("set upgrade: h2c"), "\r\nUpgrade: h2c\r\nConnection"));
  CHECK(has(after("set X: y"), "Cookie: a=b\r\nX: y\r\n\r\n"));
  CHECK(has(after("set Sec-WebSocket-Key:"), "Sec-WebSocket-Key:\r\n"));
  CHECK(has(after("also Host: other"), "Cookie: a=b\r\nHost: other\r\n"));
  CHECK(!has(after("drop host"), "Host"));
  CHECK(has(after("first Upgrade : websocket"), "HTTP/1.1\r\nUpgrade : websocket\r\nHost"));
  CHECK(has(after("set Upgrade: \\x20\\twebsocket"), "Upgrade:  \twebsocket\r\n"));
  CHECK(has(after("set Upgrade: a\\x00b"), std::string("Upgrade: a\0b\r\n", 14)));
  CHECK(has(after("offer permessage-deflate; foo"), "Sec-WebSocket-Extensions: permessage-deflate; foo\r\n"));
  CHECK(has(after("lower"), "\r\nsec-websocket-version: 13\r\n"));
  CHECK(!has(after("lf"), "\r"));
  CHECK(after("body 12345").ends_with("\r\n\r\n12345"));
}

TEST_CASE("a plain request asks for no upgrade, and keeps the rest") {
  const std::string text = after("plain");
  CHECK(!has(text, "Upgrade"));
  CHECK(!has(text, "Sec-WebSocket"));
  CHECK(has(text, "Cookie: a=b"));
}

TEST_CASE("fillers make a request long") {
  CHECK(after("filler 70000").size() > 70000);
  CHECK(has(after("fillers 1000"), "\r\nX-999: wscope\r\n"));
  CHECK(after("target {target?}{fill:100}").find(" HTTP/1.1") == std::string("GET /chat?").size() + 100);
}

TEST_CASE("what is not known is lacking") {
  base::SystemRandom random;
  Settings settings = plain();
  RequestDraft draft(settings, random);
  const auto steps = parse_program("set Sec-WebSocket-Protocol: {known}");
  CHECK(draft.change(steps->front()).ok());
  CHECK(draft.lacks());
  settings.known_subprotocol = "Chat";
  CHECK(has(after("set Sec-WebSocket-Protocol: {known}, {KNOWN}", settings), "Sec-WebSocket-Protocol: Chat, cHAT\r\n"));
  settings.unknown_path = "/none";
  CHECK(after("target {unknown}", settings).starts_with("GET /none "));
}

TEST_CASE("a request can be begun again") {
  base::SystemRandom random;
  const Settings settings = plain();
  RequestDraft draft(settings, random);
  const std::string key = draft.key();
  const auto steps = parse_program("plain | method POST | body x | lf");
  for (const Step& step : *steps) CHECK(draft.change(step).ok());
  draft.start_over(random);
  CHECK(draft.key() != key);
  CHECK(draft.text().starts_with("GET /chat HTTP/1.1\r\nHost: server:81\r\nUpgrade: websocket\r\n"));
  CHECK(draft.text().ends_with("\r\n\r\n"));
}

TEST_CASE("a step about something else changes nothing") {
  base::SystemRandom random;
  const Settings settings = plain();
  RequestDraft draft(settings, random);
  const auto steps = parse_program("ask");
  const auto changed = draft.change(steps->front());
  REQUIRE(changed.ok());
  CHECK(!*changed);
}
