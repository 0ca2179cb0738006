#include "link/client.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "link/loop.h"
#include "serving.h"
#include "unit/report/reports.h"

using namespace wscope;
using link::Client;
using Offered = Client::Offered;
using link::SlowClient;
using Lines = std::vector<std::string>;

namespace {

/// A Client, and its other end by hand; a test as its owner accepts its upgrade and notes what it hears.
struct ByHand final : link::ClientOwner {
  explicit ByHand(ws::Options options = {}) {
    options.role = ws::Role::server;
    auto ends = test::socket_pair();
    hand = std::move(ends.second);
    client = std::make_unique<Client>(loop.context(), std::move(ends.first), std::move(options), 5, *this);
  }

  void handle_message(Client& from, const ws::Message& message) override {
    CHECK(&from == client.get());
    received.emplace_back(message.text());
    if (on_message) on_message(message);
  }
  void handle_event(Client& from, const ws::Event& event) override {
    CHECK(&from == client.get());
    if (std::holds_alternative<ws::Request>(event))
      CHECK(from.connection().accept(from.peer().now()) == ws::Status::ok);
  }
  void handle_progress(Client&) override { ++progress; }
  void handle_end(Client&) override {
    ended = true;
    client.reset();
  }

  void open() {
    test::say(hand, test::upgrade_request);
    REQUIRE(test::run_until(loop.poller, [&] { return client->is_open(); }));
    CHECK(test::hear(hand).substr(0, 12) == "HTTP/1.1 101");
  }
  /// All that the other end is sent until nothing waits any more.
  std::string hear_all() {
    std::string heard;
    client->peer().flush();
    CHECK(test::run_until(loop.poller, [&] {
      heard += test::hear(hand);
      return client->connection().output().empty();
    }));
    return heard + test::hear(hand);
  }
  /// Offers messages until one is not taken; what came of that one.
  Offered offer_until_refused(std::string_view text, SlowClient slow) {
    for (;;) {
      const Offered offered = offer(text, slow);
      if (offered != Offered::taken) return offered;
      REQUIRE(++taken < 10'000);
    }
  }
  Offered offer(std::string_view text, SlowClient slow) {
    return client->offer({.payload = base::as_bytes(text)}, slow);
  }
  [[nodiscard]] std::size_t waiting() const { return client->connection().output().size(); }

  link::Loop loop;
  net::UniqueFd hand;
  std::unique_ptr<Client> client;
  std::vector<std::string> received;
  std::function<void(const ws::Message&)> on_message;
  std::size_t taken = 0;
  int progress = 0;
  bool ended = false;
};

const std::string message(10'000, 'x');

report::Reporting sent_as_events(bool frames = false) {
  report::Reporting reporting;
  reporting.format = streams::OutputFormat::json;
  reporting.sent = true;
  reporting.frames = frames;
  return reporting;
}

}  // namespace

TEST_CASE("a client has a number, is open once its upgrade is accepted, and is admitted once and for all") {
  ByHand pair;
  CHECK(pair.client->number() == 5);
  CHECK(!pair.client->is_open());
  CHECK(!pair.client->admitted());
  pair.open();
  CHECK(!pair.client->admitted());
  pair.client->admit();
  CHECK(pair.client->admitted());
  REQUIRE(pair.client->connection().close(pair.client->peer().now()) == ws::Status::ok);
  CHECK(!pair.client->is_open());
  CHECK(pair.client->admitted());
}

TEST_CASE("an owner hears of messages and of the end, and may destroy the client in it") {
  ByHand pair;
  pair.open();
  test::say(pair.hand, test::text_frame("hi"));
  CHECK(test::run_until(pair.loop.poller, [&] { return !pair.received.empty(); }));
  CHECK(pair.received == Lines{"hi"});
  CHECK(pair.progress > 0);
  pair.hand.reset();
  CHECK(test::run_until(pair.loop.poller, [&] { return pair.ended; }));
  CHECK(test::comes_to_rest(pair.loop.poller));
}

TEST_CASE("what is sent goes out with the next flush") {
  ByHand pair;
  CHECK(pair.client->send({.payload = base::as_bytes("early")}) == ws::Status::wrong_state);
  pair.open();
  CHECK(pair.client->send({.payload = base::as_bytes("hi")}) == ws::Status::ok);
  CHECK(test::hear(pair.hand).empty());
  pair.client->peer().flush();
  CHECK(test::hear(pair.hand) == test::frame(0x81, "hi"));
}

TEST_CASE("a client that keeps up is offered everything") {
  ByHand pair;
  pair.open();
  std::string heard;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(pair.offer(message, SlowClient::close) == Offered::taken);
    heard += pair.hear_all();
  }
  CHECK(heard.size() == 1000 * test::frame(0x81, message).size());
}

TEST_CASE("any message is taken while none waits") {
  ByHand pair;
  pair.open();
  const std::string large(3'000'000, 'x');
  CHECK(pair.offer(large, SlowClient::close) == Offered::taken);
  CHECK(pair.waiting() > 0);
  CHECK(pair.offer("", SlowClient::drop) == Offered::begins_to_lag);
  CHECK((pair.hear_all() == test::frame(0x81, large)));
}

TEST_CASE("what waits for a slow client is bounded") {
  ByHand pair;
  pair.open();
  CHECK(pair.offer_until_refused(message, SlowClient::drop) == Offered::begins_to_lag);
  CHECK(pair.waiting() > (std::size_t{1} << 20) - 2 * message.size());
  CHECK(pair.waiting() < (std::size_t{1} << 20) + message.size());
}

TEST_CASE("a slow client is left out, and gets what comes after it has caught up") {
  ByHand pair;
  pair.open();
  CHECK(pair.offer_until_refused(message, SlowClient::drop) == Offered::begins_to_lag);
  CHECK(pair.offer(message, SlowClient::drop) == Offered::left_out);
  CHECK(pair.offer(message, SlowClient::drop) == Offered::left_out);
  CHECK(pair.client->is_open());
  CHECK(pair.hear_all().size() == pair.taken * test::frame(0x81, message).size());
  CHECK(pair.offer("again", SlowClient::drop) == Offered::keeps_up_again);
  CHECK(pair.offer("and again", SlowClient::drop) == Offered::taken);
  CHECK(pair.hear_all() == test::frame(0x81, "again") + test::frame(0x81, "and again"));
}

TEST_CASE("a slow client is closed, and gets all that was sent before") {
  ByHand pair;
  pair.open();
  CHECK(pair.offer_until_refused(message, SlowClient::close) == Offered::closed);
  CHECK(!pair.client->is_open());
  std::string wanted;
  for (std::size_t i = 0; i < pair.taken; ++i) wanted += test::frame(0x81, message);
  wanted += test::frame(0x88,
                        "\x03\xf0"
                        "reading too slowly");
  CHECK((pair.hear_all() == wanted));
}

TEST_CASE("a message that is longer than all that may wait is not taken") {
  ws::Options options;
  options.limits.output = 1000;
  ByHand pair(options);
  pair.open();
  CHECK(pair.offer(message, SlowClient::drop) == Offered::begins_to_lag);
  CHECK(pair.offer("short", SlowClient::drop) == Offered::keeps_up_again);
  CHECK(pair.offer(message, SlowClient::close) == Offered::closed);
  CHECK(pair.hear_all() == test::frame(0x81, "short") + test::frame(0x88,
                                                                    "\x03\xf0"
                                                                    "reading too slowly"));
}

TEST_CASE("a client is read from once every reason to wait has gone") {
  ByHand pair;
  pair.open();
  pair.client->pause(Client::Wait::for_answers, true);
  pair.client->pause(Client::Wait::for_printing, true);
  pair.client->pause(Client::Wait::for_printing, true);
  test::say(pair.hand, test::text_frame("hi"));
  CHECK(test::comes_to_rest(pair.loop.poller));
  pair.client->pause(Client::Wait::for_printing, false);
  CHECK(test::comes_to_rest(pair.loop.poller));
  CHECK(pair.received.empty());
  pair.client->pause(Client::Wait::for_answers, false);
  CHECK(test::run_until(pair.loop.poller, [&] { return !pair.received.empty(); }));
}

TEST_CASE("what is sent is reported, with the client's number; what could not be sent is not") {
  ByHand pair;
  test::Reports reports(pair.loop.poller, sent_as_events());
  pair.client->show_wire(*reports);
  CHECK(pair.client->send({.payload = base::as_bytes("early")}) == ws::Status::wrong_state);
  pair.open();
  CHECK(pair.client->send({.opcode = ws::Opcode::binary, .payload = base::as_bytes("\xff")}) == ws::Status::ok);
  CHECK(pair.offer_until_refused(std::string(100'000, 'x'), SlowClient::drop) == Offered::begins_to_lag);
  const Lines events = test::events_in(reports.out());
  REQUIRE(events.size() == 1 + pair.taken);
  CHECK(events.front() == R"({"event":"binary","conn":5,"dir":"out","base64":"/w=="})");
}

TEST_CASE("a client whose wire nobody looks at reports nothing") {
  ByHand pair;
  test::Reports reports(pair.loop.poller, sent_as_events());
  pair.open();
  CHECK(pair.offer("hi", SlowClient::close) == Offered::taken);
  CHECK(reports.out().empty());
}

TEST_CASE("what is sent is reported in the order of the wire") {
  ByHand pair;
  test::Reports reports(pair.loop.poller, sent_as_events());
  pair.client->show_wire(*reports);
  pair.open();
  pair.on_message = [&](const ws::Message& heard) {
    CHECK(pair.client->send({.payload = heard.data}) == ws::Status::ok);
  };
  test::say(pair.hand, test::masked_frame(0x89, "p") + test::text_frame("hi"));  // the Pong goes out first
  CHECK(test::run_until(pair.loop.poller, [&] { return !pair.received.empty(); }));
  CHECK(pair.hear_all() == test::frame(0x8a, "p") + test::frame(0x81, "hi"));
  CHECK(test::outline(reports.out()) == Lines{"pong 5 out", "text 5 out"});
}

TEST_CASE("the report of a frame that is sent comes before that of its message") {
  ByHand pair;
  test::Reports reports(pair.loop.poller, sent_as_events(true));
  pair.client->show_wire(*reports);
  pair.open();
  CHECK(pair.client->send({.payload = base::as_bytes("hi")}) == ws::Status::ok);
  CHECK(pair.client->connection().send_ping(pair.client->peer().now()) == ws::Status::ok);
  pair.client->peer().flush();
  CHECK(test::outline(reports.out()) == Lines{"frame 5 out", "text 5 out", "frame 5 out", "ping 5 out"});
}
