#include "link/echo.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "link/broadcast.h"
#include "serving.h"
#include "support/failing_memory.h"
#include "support/fake_time.h"
#include "unit/report/reports.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::run_until;
using test::Visitor;

namespace {

struct Echoing {
  explicit Echoing(link::Server::Options options = {}, link::Report* reporter = nullptr,
                   std::uint64_t most_held = link::most_held, const base::TimeSource* time = nullptr)
      : loop(time, most_held),
        echo(loop, options.limits, options.timeouts),
        served(loop, std::move(options), echo, reporter) {}

  link::Loop loop;
  link::Echo echo;
  test::Served served;
};

/// As much of `message`, over and over, as is taken.
std::size_t send_while_taken(const net::UniqueFd& socket, std::string_view message, std::size_t sent) {
  for (;;) {
    const net::IoResult result = net::send(socket.get(), base::as_bytes(message).subspan(sent % message.size()));
    if (result.kind != net::IoResult::Kind::done) return sent;
    sent += result.bytes;
  }
}

/// Sends until the server reads no more; how much that was.
std::size_t send_until_it_waits(Echoing& echoing, const net::UniqueFd& socket, std::string_view message,
                                std::size_t sent = 0) {
  for (std::size_t before = 1; sent != before || !test::comes_to_rest(echoing.loop.poller);) {
    REQUIRE(sent < 100'000'000);  // it stops reading what it cannot send back
    test::settle(echoing.loop.poller);
    before = std::exchange(sent, send_while_taken(socket, message, sent));
  }
  return sent;
}

}  // namespace

TEST_CASE("text comes back as text and binary as binary") {
  for (const bool whole : {false, true}) {
    Echoing echoing({.whole = whole});
    Visitor client(echoing.served);
    client.say("grüße");
    CHECK(client.next().type == ws::Opcode::text);
    CHECK(client.messages.back().text == "grüße");
    REQUIRE(client.connection().send_binary(base::as_bytes("\xff\x01")) == ws::Status::ok);
    CHECK(client.next().type == ws::Opcode::binary);
    CHECK(client.messages.back().text == "\xff\x01");
    client.say("");
    CHECK(client.next().type == ws::Opcode::text);
    CHECK(client.messages.back().text.empty());
  }
}

TEST_CASE("fragments come back as one message") {
  Echoing echoing;
  Visitor client(echoing.served);
  REQUIRE(client.connection().send_text("", false) == ws::Status::ok);
  REQUIRE(client.connection().send_continuation(base::as_bytes("frag"), false) == ws::Status::ok);
  REQUIRE(client.connection().send_ping(client.peer->now()) == ws::Status::ok);
  REQUIRE(client.connection().send_continuation(base::as_bytes("ments"), true) == ws::Status::ok);
  CHECK(client.next().text == "fragments");
}

TEST_CASE("what came compressed goes back compressed, and nothing else does") {
  Echoing echoing;
  Visitor client(echoing.served);
  REQUIRE(client.connection().extensions().find("permessage-deflate") == 0);
  for (const bool compress : {true, false, true}) {
    const std::string payload(1000, 'a');
    ws::Piece piece;
    piece.payload = base::as_bytes(payload);
    piece.compress = compress;
    REQUIRE(client.connection().send(piece) == ws::Status::ok);
    CHECK((client.next().rsv == ws::rsv1) == compress);
    CHECK(client.messages.back().text == payload);
  }
}

TEST_CASE("a large message comes back unchanged while it is still being sent") {
  Echoing echoing;
  Visitor client(echoing.served);
  std::string sent;
  for (unsigned i = 0; sent.size() < 3'000'000; ++i) sent += std::to_string(i * 2654435761U);
  std::size_t at = 0;
  bool compress = false;
  SUBCASE("as it is") {}
  SUBCASE("compressed") { compress = true; }
  const auto send_more = [&](peer::Peer& peer) {
    while (at < sent.size() && peer.has_room()) {
      ws::Piece piece;
      piece.opcode = at == 0 ? ws::Opcode::text : ws::Opcode::continuation;
      piece.payload = base::as_bytes(sent).subspan(at, std::min<std::size_t>(100'000, sent.size() - at));
      at += piece.payload.size();
      piece.finished = at == sent.size();
      piece.compress = compress;
      REQUIRE(peer.connection().send(piece) == ws::Status::ok);
    }
  };
  client.owner.on_progress = send_more;
  send_more(*client.peer);
  CHECK((client.next().text == sent));
}

TEST_CASE("a message too long to wait for comes back in fragments, none of them empty but the last") {
  Echoing echoing;
  const net::UniqueFd client = echoing.served.connect_by_hand();
  const std::string payload(70'000, 'x');
  test::say(client, test::masked_frame(0x02, payload) + test::masked_frame(0x00, "") + test::masked_frame(0x80, ""));
  std::string heard;
  std::string answer;
  CHECK(run_until(echoing.loop.poller, [&] {
    heard += test::hear(client);
    const auto frames = test::frames_in(heard);
    return !frames.empty() && frames.back().fin;
  }));
  const auto frames = test::frames_in(heard);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CHECK(frames[i].opcode == (i == 0 ? ws::Opcode::binary : ws::Opcode::continuation));
    CHECK((frames[i].fin || !frames[i].payload.empty()));
    answer += frames[i].payload;
  }
  CHECK((answer == payload));
}

TEST_CASE("many clients are served at once, each its own") {
  Echoing echoing;
  std::vector<std::unique_ptr<Visitor>> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<Visitor>(echoing.served));
  for (std::size_t i = 0; i < clients.size(); ++i) clients[i]->say(std::to_string(i));
  for (std::size_t i = 0; i < clients.size(); ++i) CHECK(clients[i]->next().text == std::to_string(i));
  clients.clear();
  CHECK(echoing.served.run_until_empty());
  CHECK(test::comes_to_rest(echoing.loop.poller));
}

TEST_CASE("a Close is answered with its own code") {
  Echoing echoing;
  Visitor client(echoing.served);
  CHECK(client.close(ws::CloseCode{4321}));
  CHECK(client.connection().closing().received == ws::Close{ws::CloseCode{4321}, ""});
  CHECK(echoing.served.run_until_empty());
}

TEST_CASE("a client that asks faster than it reads waits, and then gets every answer") {
  Echoing echoing;
  const net::UniqueFd client = echoing.served.connect_by_hand();
  const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
  std::size_t sent = send_until_it_waits(echoing, client, message);
  const std::size_t asked = (sent + message.size() - 1) / message.size();
  std::size_t heard = 0;
  CHECK(run_until(echoing.loop.poller, [&] {
    const std::size_t left = asked * message.size() - sent;
    if (left > 0) sent += net::send(client.get(), base::as_bytes(message).last(left)).bytes;
    heard += test::hear(client).size();
    return heard >= asked * test::frame(0x82, std::string(60'000, 'x')).size();
  }));
  CHECK(test::comes_to_rest(echoing.loop.poller));
}

TEST_CASE("shutting down waits no longer than the timeout for a client that does not read") {
  link::Server::Options options;
  options.timeouts.close = 1ms;
  Echoing echoing(options);
  const net::UniqueFd client = echoing.served.connect_by_hand();
  send_until_it_waits(echoing, client, test::masked_frame(0x82, std::string(60'000, 'x')));
  echoing.served.server.shut_down();
  CHECK(echoing.served.run_until_empty());
}

TEST_CASE("a client that resets while it is slow is forgotten") {
  Echoing echoing;
  net::UniqueFd client = echoing.served.connect_by_hand();
  send_until_it_waits(echoing, client, test::masked_frame(0x82, std::string(60'000, 'x')));
  net::abort_connection(std::move(client));
  CHECK(echoing.served.run_until_empty());
}

// --- what a client may leave unread

TEST_CASE("a client that takes nothing may go on after a while, up to the longest message") {
  test::FakeTime time;
  link::Server::Options options;
  options.limits.message = 1 << 20;
  Echoing echoing(options, nullptr, link::most_held, &time);
  const net::UniqueFd client = echoing.served.connect_by_hand();
  const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
  const std::size_t at_first = send_until_it_waits(echoing, client, message);
  CHECK(send_until_it_waits(echoing, client, message, at_first) == at_first);
  time.pass(100ms);
  const std::size_t in_the_end = send_until_it_waits(echoing, client, message, at_first);
  CHECK(in_the_end >= at_first + (std::size_t{1} << 20) - 512 * 1024);
  CHECK(echoing.served.server.clients().at(1)->connection().output().size() < (std::size_t{1} << 20) + 512 * 1024);
  CHECK(echoing.loop.held.held() > std::size_t{1} << 20);
  time.pass(1h);
  CHECK(send_until_it_waits(echoing, client, message, in_the_end) == in_the_end);
  const std::size_t answer = test::frame(0x82, std::string(60'000, 'x')).size();
  std::size_t heard = 0;
  CHECK(run_until(echoing.loop.poller, [&] {
    heard += test::hear(client).size();
    return heard >= in_the_end / message.size() * answer;
  }));
  CHECK(test::comes_to_rest(echoing.loop.poller));
}

TEST_CASE("a client that stays stuck is named once") {
  test::FakeTime time;
  link::Server::Options options;
  options.limits.message = 1 << 20;
  for (const bool keeps_alive : {false, true}) {
    options.timeouts.ping_interval = keeps_alive ? base::Duration(1h) : base::Duration();
    options.timeouts.ping_timeout = 2s;
    link::Loop loop(&time);
    test::Reports reports(loop.poller, {}, test::Reports::Scope::many);
    link::Echo echo(loop, options.limits, options.timeouts);
    test::Served served(loop, options, echo, &*reports);
    const net::UniqueFd client = served.connect_by_hand();
    const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
    std::size_t sent = 0;
    for (int i = 0; i < 3; ++i) {
      for (std::size_t before = 1; sent != before || !test::comes_to_rest(loop.poller);) {
        test::settle(loop.poller);
        before = std::exchange(sent, send_while_taken(client, message, sent));
      }
      time.pass(100ms);
    }
    time.pass(keeps_alive ? 1500ms : 29s);
    CHECK(test::comes_to_rest(loop.poller));
    CHECK(reports.err().empty());
    time.pass(1s);
    CHECK(test::comes_to_rest(loop.poller));
    CHECK(reports.err().find("wscope: client 1: does not read its answers: ") == 0);
    time.pass(1h);
    CHECK(test::comes_to_rest(loop.poller));
    CHECK(reports.err().empty());
  }
}

TEST_CASE("when memory runs short a long frame comes back in pieces, none of them empty") {
  Echoing echoing({}, nullptr, 1 << 20);
  const net::UniqueFd client = echoing.served.connect_by_hand();
  const std::string message = test::masked_frame(0x82, std::string(1'000'000, 'x'));
  std::size_t sent = 0;
  std::string heard;
  CHECK(run_until(echoing.loop.poller, [&] {
    if (sent < message.size()) sent += net::send(client.get(), base::as_bytes(message).subspan(sent)).bytes;
    heard += test::hear(client);
    const auto frames = test::frames_in(heard);
    return !frames.empty() && frames.back().fin;
  }));
  const auto frames = test::frames_in(heard);
  CHECK(frames.size() > 1);
  for (const auto& frame : frames) CHECK(!frame.payload.empty());
  CHECK(echoing.loop.held.held() == 0);
}

TEST_CASE("frames come back as they came") {
  Echoing echoing;
  const net::UniqueFd client = echoing.served.connect_by_hand();
  const std::string asked = test::masked_frame(0x02, std::string(70'000, 'x')) + test::masked_frame(0x00, "yy") +
                            test::masked_frame(0x80, "z") + test::masked_frame(0x82, std::string(200'000, 'w'));
  std::size_t sent = 0;
  std::string heard;
  CHECK(run_until(echoing.loop.poller, [&] {
    if (sent < asked.size()) sent += net::send(client.get(), base::as_bytes(asked).subspan(sent)).bytes;
    return (heard += test::hear(client)).size() >= 270'003 + 24;
  }));
  const auto frames = test::frames_in(heard);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].payload.size() == 70'000);
  CHECK(frames[1].payload == "yy");
  CHECK(frames[2].payload == "z");
  CHECK(frames[2].fin);
  CHECK(frames[3].payload.size() == 200'000);
}

TEST_CASE("a client for which nothing can be held is closed, and the others are not") {
  Echoing echoing({}, nullptr, 4 << 20);
  const net::UniqueFd client = echoing.served.connect_by_hand();
  Visitor other(echoing.served);
  echoing.loop.held.take(5 << 20);  // somebody else has it all
  const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
  std::size_t sent = 0;
  std::string heard;
  CHECK(run_until(echoing.loop.poller, [&] {
    sent = send_while_taken(client, message, sent);
    return echoing.served.server.clients().at(1)->connection().closing().sent.has_value();
  }));
  CHECK(echoing.served.server.clients().at(1)->connection().closing().sent->code == ws::close_code::try_again_later);
  other.say("still here");
  CHECK(other.next().text == "still here");
  echoing.loop.held.give_back(5 << 20);
}

// --- memory that cannot be had

namespace {

// Turns of the loop, in which the nth allocation fails, until that has happened or all is over. Whether it has.
template <typename Condition>
bool run_short_of_memory(net::Poller& poller, std::size_t nth, Condition over) {
  std::size_t left = nth;  // no allocation of the test's own counts
  bool armed = false;
  const bool ended = run_until(poller, [&] {
    if (std::exchange(armed, true)) left = std::exchange(test::allocations_to_failure, 0);
    if (left == 0 || over()) return true;
    test::allocations_to_failure = left;
    return false;
  });
  CHECK(ended);
  return left == 0;
}

const std::string long_text(100'000, 'x');

// A client comes, and says something in every way there is. Whether the nth allocation of all that has failed.
bool serve_one(test::Served& served, std::size_t nth) {
  ws::PermessageDeflate deflate;
  test::Owner owner;
  ws::Options options;
  options.extensions = {&deflate};
  options.limits.message = ws::unlimited;
  peer::Peer client(served.loop.context(), served.connect(), std::move(options), owner);
  std::size_t heard = 0;
  owner.on_event = [&](peer::Peer& peer, const ws::Event& event) {
    if (std::holds_alternative<ws::Opened>(event)) {
      ws::Connection& connection = peer.connection();
      static_cast<void>(connection.send_text(long_text, false));
      static_cast<void>(connection.send_ping(peer.now(), base::as_bytes("ping")));
      static_cast<void>(connection.send_continuation(base::as_bytes(long_text), true));
      static_cast<void>(connection.send({.payload = base::as_bytes(long_text), .compress = false}));
    }
    const auto* message = std::get_if<ws::Message>(&event);
    if (message == nullptr || (heard += message->data.size()) < 3 * long_text.size()) return;
    static_cast<void>(peer.connection().close(peer.now()));
  };
  REQUIRE(client.connection().connect(served.url) == ws::Status::ok);
  client.flush();
  const bool failed = run_short_of_memory(served.loop.poller, nth, [&] { return owner.ends > 0; });
  client.abandon();
  CHECK(run_until(served.loop.poller, [&] { return owner.ends > 0; }));
  return failed;
}

}  // namespace

TEST_CASE("memory that cannot be had costs a server one client") {
  link::Loop loop;
  link::Echo echo(loop, {}, {});
  test::Served served(loop, {}, echo);
  test::Visitor other(served);
  std::size_t nth = 1;
  while (serve_one(served, nth)) {
    CAPTURE(nth);
    other.say("still here");
    REQUIRE(other.next().text == "still here");
    REQUIRE(run_until(loop.poller, [&] { return served.server.clients().size() == 1; }));
    REQUIRE(loop.held.held() == 0);
    ++nth;
  }
  CHECK(nth > 20);
}

TEST_CASE("a client that there is no memory to send to is the one that is lost") {
  link::Loop loop;
  link::Broadcast broadcast;
  test::Served served(loop, {.whole = true}, broadcast);
  test::Visitor one(served);
  test::Visitor other(served);
  ws::Piece piece;
  piece.payload = base::as_bytes(long_text);
  piece.compress = false;
  link::Client& lost = *served.server.clients().at(1);
  loop.spare_output.release();
  test::allocations_to_failure = 1;
  served.server.send_to(lost, piece);
  REQUIRE(std::exchange(test::allocations_to_failure, 0) == 0);
  CHECK(lost.peer().out_of_memory());
  CHECK(one.run_to_end());
  served.server.send_to_all(piece, nullptr);
  CHECK(other.next().text == long_text);
}
