#include "check/case_machine.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using check::Result;
using check::Verdict;
using std::chrono::seconds;
using test::close_frame;
using test::FakeServer;

namespace {

std::string close_of(std::uint16_t code) { return close_frame(code) + "END"; }

// A server that answers anything but a Ping with this.
FakeServer answering(const std::string& reply) {
  FakeServer server;
  server.on_frame = [reply](const wire::Frame& frame) {
    return frame.opcode == 9 ? test::frame(10, base::as_text(frame.payload)) : reply;
  };
  return server;
}

Verdict verdict_of(FakeServer server, std::string_view program) { return server.run(program).verdict; }

}  // namespace

TEST_CASE("a Ping that is answered passes, however the answer is cut") {
  FakeServer server;
  CHECK(server.run("ping hello | ponged hello").verdict == Verdict::pass);
  server.read_size = 1;
  CHECK(server.run("ping hello | ponged hello").verdict == Verdict::pass);
  CHECK(server.took() < seconds(1));
}

TEST_CASE("what has to fail passes with the wanted code only") {
  CHECK(verdict_of(answering(close_of(1002)), "frame 3 x | failed 1002") == Verdict::pass);
  CHECK(verdict_of(answering(close_of(1003)), "frame 3 x | failed 1002 1003") == Verdict::pass);
  const Result other = answering(close_of(1011)).run("frame 3 x | failed 1002");
  CHECK(other.verdict == Verdict::warn);
  CHECK(other.seen == "closed (1011)");
  CHECK(other.close_code == 1011);
  const Result none = answering(test::frame(8, "") + "END").run("frame 3 x | failed 1002");
  CHECK(none.verdict == Verdict::warn);
  CHECK(none.close_code == 1005);
  const Result torn = answering("END").run("frame 3 x | failed 1002");
  CHECK(torn.verdict == Verdict::warn);
  CHECK(torn.seen == "TCP was closed without a Close");
  CHECK(verdict_of(answering("END"), "frame 3 x | closed") == Verdict::pass);
}

TEST_CASE("what goes on after it has to fail is alive, or hangs") {
  FakeServer alive = answering("");
  const Result result = alive.run("frame 3 x | failed 1002");
  CHECK(result.verdict == Verdict::fail);
  CHECK(result.seen == "still alive: it answers a Ping");
  CHECK(alive.took() >= seconds(3));
  FakeServer deaf;
  deaf.on_frame = [](const wire::Frame&) { return std::string(); };
  const Result hangs = deaf.run("frame 3 x | failed 1002");
  CHECK(hangs.verdict == Verdict::fail);
  CHECK(hangs.seen == "hangs: neither a Close nor a Pong");
  CHECK(deaf.took() >= seconds(4));
}

TEST_CASE("what has to fail and comes back was taken: nothing is waited for") {
  FakeServer takes;
  const Result result = takes.run("text hex:ff | failed 1007");
  CHECK(result.verdict == Verdict::fail);
  CHECK(result.seen == "still alive: it answers a Ping");
  CHECK(takes.took() < seconds(1));
  CHECK(verdict_of({}, "text rsv=2 a | failed 1002") == Verdict::fail);

  // Even then it may fail in the end.
  FakeServer late;
  late.on_frame = [](const wire::Frame& frame) { return frame.opcode == 9 ? close_of(1007) : test::proper(frame); };
  CHECK(late.run("text hex:ff | failed 1007").verdict == Verdict::pass);

  // What comes back is what was legal.
  FakeServer other;
  other.on_frame = [](const wire::Frame& frame) { return frame.opcode == 0 ? "" : test::proper(frame); };
  CHECK(other.run("text a | frame 0 b | failed 1002").verdict == Verdict::fail);
  CHECK(other.took() >= seconds(3));
}

TEST_CASE("the level makes a failure of what is broken, or a warning") {
  FakeServer server = answering("");
  server.marks = "S S";
  CHECK(server.run("frame 3 x | failed 1002").verdict == Verdict::warn);
  server.marks = "S i";
  CHECK(server.run("frame 3 x | failed 1002").verdict == Verdict::info);
}

TEST_CASE("a bad Close that is answered as if it were good is taken as valid") {
  CHECK(verdict_of(answering(close_of(1002)), "close 999 | failed 1002") == Verdict::pass);
  for (const std::uint16_t code : {std::uint16_t{1000}, std::uint16_t{4999}}) {
    const Result result = answering(close_of(code)).run("close 4999 hex:ff | failed 1007");
    CHECK(result.verdict == Verdict::fail);
    CHECK(result.seen.starts_with("taken as valid"));
  }
  CHECK(verdict_of(answering(test::frame(8, "") + "END"), "close 999 | failed 1002") == Verdict::warn);
  CHECK(verdict_of(answering("END"), "close 999 | failed 1002") == Verdict::warn);
}

TEST_CASE("a good Close is answered with its code, 1000 or none") {
  CHECK(verdict_of(FakeServer(), "close 4000 | closes") == Verdict::pass);
  CHECK(verdict_of(answering(close_of(1000)), "close 4000 | closes") == Verdict::pass);
  CHECK(verdict_of(answering(test::frame(8, "") + "END"), "close 4000 | closes") == Verdict::pass);
  CHECK(verdict_of(answering(close_of(1002)), "close 4000 | closes") == Verdict::fail);
  CHECK(verdict_of(answering(close_of(1002)), "close 1002 | closes") == Verdict::pass);
  CHECK(verdict_of(answering(close_of(1011)), "close 4000 | closes") == Verdict::warn);
  CHECK(verdict_of(answering("END"), "close 4000 | closes") == Verdict::fail);
  CHECK(verdict_of(answering(""), "close 4000 | closes") == Verdict::fail);
}

TEST_CASE("messages before its Close do not count") {
  const std::string replies = test::frame(1, "news") + test::frame(9, "there?") + close_of(1000);
  CHECK(verdict_of(answering(replies), "close 1000 | closes") == Verdict::pass);
}

TEST_CASE("an application may refuse a legal message, but not as if it were illegal") {
  FakeServer server = answering(close_of(4401));
  server.settings.echo = false;
  const Result refused = server.run("text hello | handled");
  CHECK(refused.verdict == Verdict::skip);
  CHECK(refused.seen == "it refuses such messages (4401): --say, --sample");
  CHECK(verdict_of(answering(close_of(1002)), "text hello | handled") == Verdict::fail);
  CHECK(verdict_of(answering(close_of(1007)), "text hello | handled") == Verdict::fail);
  CHECK(verdict_of(answering(close_of(1009)), "text hello | handled 1009 1008") == Verdict::pass);
  CHECK(verdict_of(answering(""), "text hello | handled") == Verdict::pass);
  CHECK(verdict_of(answering("END"), "text hello | handled") == Verdict::fail);
}

TEST_CASE("it has no such right when it was sent no message") {
  FakeServer server;
  server.on_frame = [](const wire::Frame&) { return close_of(1000); };
  CHECK(server.run("pong hello | ignored").verdict == Verdict::fail);
  CHECK(server.run("ping hello | handled").verdict == Verdict::fail);
}

TEST_CASE("whoever echoes has to send back what was sent, in order and with its type") {
  FakeServer server;
  server.settings.echo = true;
  CHECK(server.run("text a | binary hex:ff | text b | echoed").verdict == Verdict::pass);
  CHECK(server.run("fragments 2 binary hex:000102030405 | echoed").verdict == Verdict::pass);
  CHECK(server.run("fragments /3 text abcdefg | handled").verdict == Verdict::pass);
  server.on_frame = [](const wire::Frame& frame) {
    return frame.opcode == 9 ? test::proper(frame) : test::frame(1, "x");
  };
  CHECK(server.run("binary x | echoed").verdict == Verdict::fail);
  const Result lost = server.run("text hello | handled");
  CHECK(lost.verdict == Verdict::fail);
  CHECK(lost.seen == "alive, but what was sent did not come back as it was");
  server.settings.echo = false;
  CHECK(server.run("text hello | handled").verdict == Verdict::pass);
}

TEST_CASE("a code that is asked for is told in place of an echo") {
  const Result result = answering(close_of(1009)).run("binary x | echoed 1009 1003");
  CHECK(result.verdict == Verdict::info);
  CHECK(result.seen == "closed (1009)");
}

TEST_CASE("a Pong that comes late is worth a warning") {
  FakeServer server;
  std::string held;
  server.on_frame = [&held](const wire::Frame& frame) {
    if (frame.opcode == 9 && held.empty()) {
      held = test::proper(frame);
      return std::string();
    }
    return frame.opcode == 0 ? std::exchange(held, "sent") : test::proper(frame);
  };
  const Result result = server.run("text fin=0 a | ping p | soon 1000 p | frame 0 b | ponged p | handled");
  CHECK(result.verdict == Verdict::warn);
  CHECK(result.seen == "no Pong in 1.0 s, before the message ends");
}

TEST_CASE("what must not come after a failure is seen") {
  const std::string all = "frame 3 x | text a | ping late | failed | settle 300 | not-echoed | not-ponged late";
  CHECK(verdict_of(FakeServer(), all) == Verdict::pass);
  FakeServer chatty;
  chatty.on_frame = [](const wire::Frame& frame) {
    return frame.opcode == 3 ? close_frame(1002) : frame.opcode == 9 ? test::proper(frame) + "END" : std::string();
  };
  CHECK(chatty.run(all).seen == "a Pong came all the same");
}

TEST_CASE("the end of TCP is waited for, and its time counts") {
  CHECK(verdict_of(FakeServer(), "close 1000 | closes | ended 2000 5000") == Verdict::pass);
  FakeServer open;
  open.on_frame = [](const wire::Frame& frame) { return frame.opcode == 8 ? close_frame(1000) : std::string(); };
  const Result result = open.run("close 1000 | closes | ended 2000 5000");
  CHECK(result.verdict == Verdict::fail);
  CHECK(result.seen == "TCP is open after 5.0 s");
  CHECK(open.run("close 1000 | closes | not-ended 1000").verdict == Verdict::pass);
}

TEST_CASE("the connection can be half closed or reset") {
  FakeServer server;
  CHECK(server.run("fin | ended 3000").verdict == Verdict::pass);
  CHECK(server.half_closed);
  CHECK(server.run("ping a | ponged a | rst | lives").verdict == Verdict::pass);
  CHECK(server.reset);
}

TEST_CASE("without a 101 a case about frames is an error, and one about the handshake has failed") {
  FakeServer server;
  server.answer = [](const std::string&) { return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"; };
  const Result frames = server.run("ping a | ponged a");
  CHECK(frames.verdict == Verdict::error);
  CHECK(frames.seen == "no connection: 403 Forbidden");
  CHECK(frames.status == 403);
  CHECK(server.run("ask | open").verdict == Verdict::fail);
  CHECK(server.run("drop Upgrade | ask | not-opened").verdict == Verdict::pass);
}

TEST_CASE("its Pings are answered while a case goes on") {
  FakeServer server;
  bool answered = false;
  server.on_frame = [&answered](const wire::Frame& frame) {
    if (frame.opcode == 10) answered = true;
    return frame.opcode == 1 ? test::frame(9, "there?") : test::proper(frame);
  };
  CHECK(server.run("text a | ignored").verdict == Verdict::pass);
  CHECK(answered);
}

TEST_CASE("no connection is left without a Close") {
  FakeServer server;
  std::uint8_t last = 0;
  server.on_frame = [&last](const wire::Frame& frame) {
    last = frame.opcode;
    return test::proper(frame);
  };
  CHECK(server.run("ask | open").verdict == Verdict::pass);
  CHECK(last == 8);
}

TEST_CASE("what has to be known and is not makes a case skipped") {
  const Result result = FakeServer().run("set Sec-WebSocket-Protocol: {known} | ask | open");
  CHECK(result.verdict == Verdict::skip);
  CHECK(result.seen == "no subprotocol is known: give --subprotocol");
}
