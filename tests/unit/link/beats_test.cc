#include "link/beats.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "link/client.h"
#include "serving.h"
#include "support/fake_time.h"

using namespace wscope;
using namespace std::chrono_literals;
using link::Beat;

namespace {

Beat text(base::Duration interval, std::string payload) { return {interval, {{ws::Opcode::text, std::move(payload)}}}; }

/// A client that is let in, in a time that the test makes, and its other end by hand.
struct Beaten final : link::ClientOwner {
  Beaten() {
    ws::Options options;
    options.role = ws::Role::server;
    auto ends = test::socket_pair();
    hand = std::move(ends.second);
    client = std::make_unique<link::Client>(loop.context(), std::move(ends.first), std::move(options), 1, *this);
    test::say(hand, test::upgrade_request);
    test::settle(loop.poller);
    REQUIRE(client->is_open());
    CHECK(test::hear(hand).substr(0, 12) == "HTTP/1.1 101");
  }

  void handle_message(link::Client&, const ws::Message&) override {}
  void handle_event(link::Client& from, const ws::Event& event) override {
    if (std::holds_alternative<ws::Request>(event))
      CHECK(from.connection().accept(from.peer().now()) == ws::Status::ok);
  }
  void handle_progress(link::Client&) override {}
  void handle_end(link::Client&) override { client.reset(); }

  /// What the other end hears once so much time has passed.
  std::string behind(base::Duration duration) {
    time.pass(duration);
    test::settle(loop.poller);
    return test::hear(hand);
  }

  test::FakeTime time;
  link::Loop loop{&time};
  net::UniqueFd hand;
  std::unique_ptr<link::Client> client;
};

std::string frame(std::string_view text) { return test::frame(0x81, text); }

}  // namespace

TEST_CASE("the names of a beat are filled in anew each time") {
  Beaten beaten;
  Beat beat = text(1s, "");
  beat.says.payload = talk::Template::parse("n{{n}} {{random 5 5}}").value();
  const std::vector<Beat> beats = {beat};
  beaten.client->beat(beaten.loop, beats);
  CHECK(beaten.behind(1s) == frame("n1 5"));
  CHECK(beaten.behind(1s) == frame("n2 5"));
}

TEST_CASE("the first beat comes after its interval, the others on time whatever was late") {
  Beaten beaten;
  const std::vector<Beat> beats = {text(10s, "a")};
  beaten.client->beat(beaten.loop, beats);
  CHECK(beaten.behind(9999ms).empty());
  CHECK(beaten.behind(901ms) == frame("a"));  // at 10.9
  CHECK(beaten.behind(9099ms).empty());
  CHECK(beaten.behind(1ms) == frame("a"));  // at 20
  for (int i = 0; i < 1000; ++i) CHECK(beaten.behind(10s) == frame("a"));
}

TEST_CASE("what was slept through is left out") {
  Beaten beaten;
  const std::vector<Beat> beats = {text(10s, "a")};
  beaten.client->beat(beaten.loop, beats);
  CHECK(beaten.behind(1h + 5s) == frame("a"));
  CHECK(beaten.behind(4999ms).empty());
  CHECK(beaten.behind(1ms) == frame("a"));
}

TEST_CASE("each has a schedule of its own") {
  Beaten beaten;
  const std::vector<Beat> beats = {text(2s, "a"), text(3s, "b"), {3s, {{ws::Opcode::ping, "p"}}}};
  beaten.client->beat(beaten.loop, beats);
  CHECK(beaten.behind(2s) == frame("a"));
  CHECK(beaten.behind(1s) == frame("b") + test::frame(0x89, "p"));
  CHECK(beaten.behind(1s) == frame("a"));
  CHECK(beaten.behind(2s) == frame("a") + frame("b") + test::frame(0x89, "p"));
}

TEST_CASE("a beat that there is no room for is left out") {
  Beaten beaten;
  const std::vector<Beat> beats = {text(10s, "beat")};
  beaten.client->beat(beaten.loop, beats);
  const std::string much(100'000, 'x');
  std::size_t sent = 0;
  while (beaten.client->peer().has_room()) {
    REQUIRE(beaten.client->send({.payload = base::as_bytes(much)}) == ws::Status::ok);
    beaten.client->peer().flush();
    ++sent;
  }
  for (int i = 0; i < 3; ++i) {
    beaten.time.pass(10s);
    test::turn_at_once(beaten.loop.poller);
  }
  std::string heard;
  while (heard.size() < sent * (much.size() + 10)) heard += beaten.behind(0s);
  CHECK(heard.size() == sent * (much.size() + 10));
  CHECK(beaten.behind(10s) == frame("beat"));
}

TEST_CASE("a beat never gets into a message that is being sent") {
  Beaten beaten;
  const std::vector<Beat> beats = {text(10s, "beat")};
  beaten.client->beat(beaten.loop, beats);
  REQUIRE(beaten.client->send({.payload = base::as_bytes("a"), .finished = false}) == ws::Status::ok);
  CHECK(beaten.behind(10s).empty());
  REQUIRE(beaten.client->send({.opcode = ws::Opcode::continuation, .payload = base::as_bytes("b")}) == ws::Status::ok);
  beaten.client->peer().flush();
  CHECK(beaten.behind(9s) == test::frame(0x01, "a") + test::frame(0x80, "b"));
  CHECK(beaten.behind(1s) == frame("beat"));
}

TEST_CASE("behind a Close there are none, and nothing wakes the loop") {
  Beaten beaten;
  const std::vector<Beat> beats = {{10s, {{ws::Opcode::close, "bye", ws::close_code::normal}}}, text(10s, "a")};
  beaten.client->beat(beaten.loop, beats);
  CHECK(beaten.behind(10s) == test::frame(0x88, std::string("\x03\xe8") + "bye"));
  CHECK(beaten.behind(1s).empty());
  CHECK(beaten.behind(1h).empty());
}

TEST_CASE("beats are added and taken away") {
  Beaten beaten;
  link::Recollection variables(beaten.loop.random);
  variables.set("x", {talk::Value::Kind::text, "y"});
  Beat named = text(2s, "");
  named.says.payload = talk::Template::parse("{{x}}{{n}}").value();
  beaten.client->add_beat(beaten.loop, 1, text(1s, "a"), variables);
  beaten.client->add_beat(beaten.loop, 2, named, variables);
  beaten.client->add_beat(beaten.loop, 2, text(1s, "not twice"), variables);
  CHECK(beaten.behind(1s) == frame("a"));
  CHECK(beaten.behind(1s) == frame("a") + frame("y1"));
  beaten.client->remove_beat(1);
  beaten.client->remove_beat(7);
  CHECK(beaten.behind(1s).empty());
  CHECK(beaten.behind(1s) == frame("y2"));
  beaten.client->remove_beat(2);
  CHECK(beaten.behind(10s).empty());
}
