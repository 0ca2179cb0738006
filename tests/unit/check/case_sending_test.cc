// What a case sends.
#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using check::Verdict;
using test::FakeServer;

namespace {

// The frames that a server gets of a program.
std::vector<wire::Header> sent(std::string_view program, FakeServer server = {}) {
  std::vector<wire::Header> headers;
  server.on_frame = [&headers](const wire::Frame& frame) {
    headers.push_back(frame);
    return test::proper(frame);
  };
  static_cast<void>(server.run(program));
  return headers;
}

}  // namespace

TEST_CASE("frames are masked, each with a key of its own, unless the case says otherwise") {
  const auto usual = sent("text a | text b | ignored");
  REQUIRE(usual.size() > 2);
  REQUIRE(usual[0].mask);
  CHECK(usual[0].mask != usual[1].mask);
  CHECK(!sent("text mask=no a | closed")[0].mask);
  CHECK(sent("text mask=00000000 a | handled")[0].mask == ws::MaskKey{});
}

TEST_CASE("lengths are in the shortest form, unless the case says otherwise") {
  CHECK(sent("binary fill:126 | handled")[0].form == ws::LengthForm::bits_16);
  CHECK(sent("ping form=64 hello | tell 1000")[0].form == ws::LengthForm::bits_64);
  CHECK(sent("ping form=64 hello | tell 1000")[0].length == 5);
}

TEST_CASE("a message is cut into fragments of a size, or into a number of them") {
  const auto sized = sent("fragments 4 text abcdefghij | handled");
  CHECK(sized[0].opcode == 1);
  CHECK(!sized[0].fin);
  CHECK(sized[1].opcode == 0);
  CHECK(sized[2].fin);
  CHECK(sized[2].length == 2);
  const auto counted = sent("fragments /2 binary abcdefghi | handled");
  CHECK(counted[0].length == 5);
  CHECK(counted[1].fin);
}

TEST_CASE("what the endpoint wants to be told first goes first") {
  FakeServer server;
  server.settings.say = {"login"};
  const auto frames = sent("ping a | ponged a", server);
  CHECK(frames[0].opcode == 1);
  CHECK(frames[0].length == 5);
  CHECK(frames[1].opcode == 9);
}

TEST_CASE("compressed messages can be inflated") {
  FakeServer server;
  server.settings.echo = true;
  server.answer = [](const std::string& request) {
    return test::upgrade(request, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  };
  server.on_frame = [](const wire::Frame& frame) {
    if (frame.opcode > 2) return test::proper(frame);
    return test::frame(frame.opcode, base::as_text(frame.payload), frame.fin, frame.rsv);
  };
  CHECK(server.run("compressed text fill:3000 | compressed binary fill:5000:binary | echoed").verdict == Verdict::pass);
  CHECK(server.run("burst 60 | echoed").verdict == Verdict::pass);
}

TEST_CASE("a request goes byte by byte, or in part") {
  FakeServer server;
  CHECK(server.run("bytewise 1 | ask | whole | open").verdict == Verdict::pass);
  CHECK(server.took() > std::chrono::milliseconds(100));
  CHECK(server.run("cut 40 | fin | lives").verdict == Verdict::pass);
  CHECK(server.half_closed);
}
