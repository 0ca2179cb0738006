#include "script/event.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace wscope::script;

namespace {

Event event(Kind kind, std::string payload = {}, unsigned code = 0) {
  return {.kind = kind, .payload = std::move(payload), .code = code};
}

talk::Match match(std::string_view text) {
  talk::Source source(text);
  auto read = talk::Match::read(source);
  REQUIRE(read);
  return *std::move(read);
}

}  // namespace

TEST_CASE("kinds accept what they name") {
  const auto accepts = [](Kind kind, const Event& one) { return Target{kind}.accepts(one); };
  CHECK(accepts(Kind::message, event(Kind::text)));
  CHECK(accepts(Kind::message, event(Kind::binary)));
  CHECK(!accepts(Kind::message, event(Kind::ping)));
  CHECK(accepts(Kind::json, event(Kind::text, "{}")));
  CHECK(!accepts(Kind::json, event(Kind::text, "x")));
  CHECK(accepts(Kind::any, event(Kind::lost)));
  CHECK(!accepts(Kind::any, event(Kind::open)));
  CHECK(!accepts(Kind::none, event(Kind::text)));
  CHECK(accepts(Kind::pong, event(Kind::pong)));
}

TEST_CASE("arguments and matches narrow them down") {
  const talk::Match bye = match("\"bye\"");
  CHECK(Target{Kind::close, Argument{1000, 1000}, &bye}.accepts(event(Kind::close, "bye", 1000)));
  CHECK(!Target{Kind::close, Argument{1000, 1000}, &bye}.accepts(event(Kind::close, "by", 1000)));
  CHECK(!Target{Kind::close, Argument{4000, 4999}}.accepts(event(Kind::close, "", 1000)));
  CHECK(Target{Kind::close, Argument{4000, 4999}}.accepts(event(Kind::close, "", 4500)));
  Event open = event(Kind::open, "", 101);
  open.detail = "chat";
  CHECK(Target{Kind::open, Argument{0, 0, "chat"}}.accepts(open));
  CHECK(!Target{Kind::open, Argument{0, 0, "other"}}.accepts(open));
}

TEST_CASE("an end is a failure unless it was an ordinary Close") {
  for (const unsigned code : {1000U, 1001U, 1005U}) CHECK(!event(Kind::close, "", code).is_failure());
  CHECK(event(Kind::close, "no", 4403).failure().message == "closed by the peer: 4403 no");
  CHECK(event(Kind::close, "no", 4403).failure().kind == base::ErrorKind::closed);
  CHECK(event(Kind::refused, "", 403).failure().message == "upgrade refused: HTTP 403");
  CHECK(event(Kind::lost, "gone").failure().message == "gone");
  CHECK(!event(Kind::text).is_failure());
}

TEST_CASE("an event is a line, safe for a terminal and not too long") {
  CHECK(event(Kind::text, "a\x1b[1m").line() == "text  a\\x1b[1m");
  CHECK(event(Kind::binary, "\x01\xff").line() == "binary  01 ff (2 bytes)");
  CHECK(event(Kind::close, "bye", 1000).line() == "close  1000 bye");
  CHECK(event(Kind::ping).line() == "ping");
  const std::string line = event(Kind::text, std::string(119, 'x') + "\u00e9tc").line();
  CHECK(line.ends_with("x\u2026"));
  CHECK(line.size() < 140);
}

TEST_CASE("a capture finds what there is") {
  Event open = event(Kind::open, "", 101);
  open.headers.add("Server", "x");
  const talk::Message message = open.message();
  const talk::Occasion occasion = open.occasion(message);
  CHECK(occasion.status == 101);
  CHECK(occasion.header("server") == "x");
  CHECK(!occasion.code);
}

TEST_CASE("an inbox is full when its events take so much") {
  Inbox inbox;
  inbox.add(event(Kind::text, std::string(Inbox::most - 1000, 'x')));
  CHECK(!inbox.full());
  inbox.add(event(Kind::text, std::string(1000, 'x')));
  CHECK(inbox.full());
  CHECK(inbox.take().payload.size() == Inbox::most - 1000);
  CHECK(!inbox.full());
}
