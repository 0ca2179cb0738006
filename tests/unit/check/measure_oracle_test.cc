#include <doctest/doctest.h>

#include "unit/check/fake_server.h"

using namespace wscope;
using namespace wscope::check;

TEST_CASE("beats wait for each other, or for a time") {
  test::FakeServer server;
  CHECK(server.run("beats 20 0 | measured delays").verdict == Verdict::pass);
  CHECK(server.took() < std::chrono::milliseconds(500));
  CHECK(server.run("beats 10 100 | measured delays").verdict == Verdict::pass);
  CHECK(server.took() >= std::chrono::milliseconds(900));
  CHECK(server.run("beats 20 0 | measured rtt").verdict == Verdict::info);
  CHECK(server.run("beats 2 1 | measured nagle").seen == "no gap");
  CHECK(server.run("beats 2 1 | measured weather").verdict == Verdict::error);
}

TEST_CASE("a Ping that is not answered ends it") {
  test::FakeServer server;
  int pings = 0;
  server.on_frame = [&pings](const wire::Frame& frame) {
    return frame.opcode == 9 && ++pings == 3 ? std::string() : test::proper(frame);
  };
  CHECK(server.run("beats 5 0").seen == "no Pong in 3.0 s");
  server.on_frame = [](const wire::Frame& frame) {
    return frame.opcode == 9 ? test::close_frame(1008) + "END" : test::proper(frame);
  };
  CHECK(server.run("beats 5 10").seen == "closed (1008)");
}

TEST_CASE("Pongs that are collected are told") {
  test::FakeServer server;
  std::string held;
  int pings = 0;
  server.on_frame = [&](const wire::Frame& frame) {
    if (frame.opcode != 9) return test::proper(frame);
    held += test::proper(frame);
    return ++pings % 5 == 0 ? std::exchange(held, {}) : std::string();
  };
  const Result result = server.run("beats 10 100 | measured delays");
  CHECK(result.verdict == Verdict::fail);
  CHECK(result.seen == "8 of 10 Pongs came more than 50 ms late: something collects them");
}

TEST_CASE("silence is told, and who ends it") {
  test::FakeServer server;
  CHECK(server.run("tell-idle 60000").seen == "none in 60 s");
  server.answer = [](const std::string& request) { return test::upgrade(request) + test::close_frame(1001) + "END"; };
  CHECK(server.run("tell-idle 60000").seen == "0.0 s, closed (1001)");
}

TEST_CASE("a message without an end is refused, or goes on as it comes") {
  test::FakeServer server;
  CHECK(server.run("endless 2000").verdict == Verdict::pass);  // it echoes each fragment
  server.on_frame = [](const wire::Frame& frame) { return frame.opcode < 3 ? std::string() : test::proper(frame); };
  CHECK(server.run("endless 2000").seen == "a message without an end is taken for 2 s");
  int fragments = 0;
  std::uint16_t code = 1009;
  server.on_frame = [&](const wire::Frame& frame) {
    return frame.opcode < 3 && ++fragments % 100 == 0 ? test::close_frame(code) + "END" : std::string();
  };
  CHECK(server.run("endless 2000").verdict == Verdict::pass);
  code = 1002;
  CHECK(server.run("endless 2000").verdict == Verdict::warn);
}

TEST_CASE("what is read late is whole, or what came of it is told") {
  test::FakeServer server;
  server.settings.echo = true;
  CHECK(server.run("repeated 10 binary fill:100:binary | tell-echo 1000").seen == "it waited, and nothing was lost");
  int messages = 0;
  server.on_frame = [&](const wire::Frame& frame) {
    return ++messages == 4 ? test::close_frame(1008) + "END" : test::proper(frame);
  };
  CHECK(server.run("repeated 10 binary fill:100:binary | tell-echo 1000").seen ==
        "closed (1008), 3 of 10 messages came back");
}

TEST_CASE("a code that was expected passes for life") {
  test::FakeServer server;
  server.on_frame = [](const wire::Frame& frame) {
    return frame.opcode < 3 ? test::close_frame(1009) + "END" : test::proper(frame);
  };
  CHECK(server.run("text hello | ignored 1009").verdict == Verdict::pass);
  CHECK(server.run("text hello | ignored").verdict == Verdict::fail);
}

TEST_CASE("how the stream has ended is told of TLS") {
  test::FakeServer server;
  CHECK(server.run("close 1000 | closes | ended 2000 | measured end").verdict == Verdict::pass);
}
