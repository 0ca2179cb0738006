#include "script/live_stage.h"

#include <doctest/doctest.h>

#include <chrono>

#include "net/signals.h"
#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using namespace std::chrono_literals;

namespace {

// A script with real sockets, all of them in this process.
struct Live {
  explicit Live(const std::string& text, LiveStage::Options options = {})
      : script(test::parsed(text)),
        stage(loop, with_mask(std::move(options))),
        runner(script, {.within = 20s, .variables = {}}, cli::in_session, loop.random, stage, loop.poller.now()),
        timer(loop.poller.add(-1, {}, wakes)) {
    stage.tell(&runner);
  }
  ~Live() { loop.poller.remove(timer); }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  const TestResult& run() {
    while (!runner.over()) {
      stage.clean_up();
      runner.advance(loop.poller.now(), std::chrono::system_clock::now());
      if (runner.over()) break;
      loop.poller.set_deadline(timer, runner.deadline());
      REQUIRE(loop.poller.run_once());
    }
    if (runner.result().failure) MESSAGE(runner.result().failure->text());
    return runner.result();
  }

  struct Wakes final : net::Pollable {
    void handle_ready(net::Poller::Id, net::Readiness) override {}
    void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  };
  LiveStage::Options with_mask(LiveStage::Options options) {
    options.mask = &mask;
    options.file = "a.ws";
    return options;
  }

  base::Result<net::Signals> signals = net::Signals::install({});
  link::Loop loop{};
  Mask mask{};
  Script script;
  LiveStage stage;
  Wakes wakes{};
  Runner runner;
  net::Poller::Id timer;
};

bool passes(const std::string& text) { return Live(text).run().verdict == Verdict::passed; }

}  // namespace

TEST_CASE("a script talks to the echo server in this process") {
  CHECK(
      passes("connect echo:\nexpect open\nsend hello\nexpect text \"hello\"\nbinary 00ff\nexpect binary hex:00ff\n"
             "fragment 2 abcde\nexpect text \"abcde\"\nping x\nexpect pong \"x\"\ncapture t = rtt\nclose 1000\n"
             "expect close 1000"));
}

TEST_CASE("a client gets its 101 when it is accepted") {
  CHECK(
      passes("listen 0\nconnect {{server.url}} -s chat as c\nwait 0.05\naccept as s\ns: expect open\n"
             "c: expect open\ns: send hi\nc: expect \"hi\"\nc: close 4000 bye\ns: expect close 4000 \"bye\"\n"
             "c: expect close 4000"));
}

TEST_CASE("ends are told apart") {
  CHECK(passes("connect 127.0.0.1:1\nexpect error connect"));
  CHECK(passes(
      "listen 0 --path /a\nconnect {{server.url}}b\nexpect refused 404\ncapture s = status\ncheck {{s}} == 404"));
  CHECK(passes("listen 0\nconnect {{server.url}} as c\naccept as s\nc: expect open\ns: abort\nc: expect lost"));
  CHECK(passes("listen 0\nconnect {{server.url}} as c\naccept as s\nc: expect open\nc: half-close\ns: expect lost"));
  CHECK(passes("listen 0\nconnect {{server.url}} as c\naccept as s\nc: expect open\ns: raw ff00\nc: expect fail 1002"));
}

TEST_CASE("a Ping is not answered if that is not wanted") {
  CHECK(
      passes("option autopong off\nlisten 0\nconnect {{server.url}} as c\naccept as s\nc: expect open\ns: ping x\n"
             "c: expect ping \"x\"\ns: expect none within 0.05\nc: pong x\ns: expect pong"));
}

TEST_CASE("who is paused hears nothing until it goes on") {
  CHECK(
      passes("listen 0\nconnect {{server.url}} as c\naccept as s\nc: expect open\nc: pause\ns: send x\n"
             "c: expect none within 0.05\nc: resume\nc: expect \"x\""));
}

TEST_CASE("events are JSON with the file, and secrets in none of them") {
  std::string events;
  Live live("connect echo:\nexpect open\nsend s3cret\nexpect text\ncapture x = text",
            {.events = [&events](const std::string& line) { events += line; }});
  live.mask.add("s3cret");
  CHECK(live.run().verdict == Verdict::passed);
  CHECK(events.find("\"event\":\"open\"") != std::string::npos);
  CHECK(events.find("\"event\":\"expect\"") != std::string::npos);
  CHECK(events.find("\"file\":\"a.ws\"") != std::string::npos);
  CHECK(events.find("\"line\":4") != std::string::npos);
  CHECK(events.find("s3cret") == std::string::npos);
}
