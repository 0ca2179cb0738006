#include "peer/peer.h"

#include <chrono>

#include "http/url.h"
#include "owner.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::close_frame;
using test::frame;
using test::Owner;
using test::run_until;
using test::ServerByHand;
using test::Strings;
using test::text_frame;
using test::Watcher;

namespace {

const std::string close_1000 = frame(0x88, "\x03\xe8");

ws::Options options(ws::Role role) {
  ws::Options made;
  made.role = role;
  return made;
}

ws::Options impatient() {
  ws::Options made;
  made.open_timeout = 1ms;
  made.close_timeout = 1ms;
  return made;
}

/// A client and a server that are both Peers.
struct Pair : test::LoopOfPeers {
  explicit Pair(std::pair<net::UniqueFd, net::UniqueFd> ends = test::socket_pair())
      : client(context(), std::move(ends.first), options(ws::Role::client), client_owner),
        server(context(), std::move(ends.second), options(ws::Role::server), server_owner) {}

  void open() {
    REQUIRE(client.connection().connect(http::parse_url("ws://h/").value()) == ws::Status::ok);
    client.flush();
    REQUIRE(run_until(poller, [&] { return client_owner.opened && server_owner.opened; }));
  }

  Owner client_owner;
  Owner server_owner;
  peer::Peer client;
  peer::Peer server;
};

}  // namespace

TEST_CASE("two peers open, talk and close") {
  Pair pair;
  pair.open();
  pair.server_owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
    if (const auto* message = std::get_if<ws::Message>(&event)) {
      CHECK(peer.connection().send_text("re: " + std::string(message->text())) == ws::Status::ok);
    }
  };
  REQUIRE(pair.client.connection().send_text("one") == ws::Status::ok);
  REQUIRE(pair.client.connection().send_text("two") == ws::Status::ok);
  pair.client.flush();
  CHECK(run_until(pair.poller, [&] { return pair.client_owner.received.size() == 2; }));
  CHECK(pair.client_owner.received == std::vector<std::string>{"re: one", "re: two"});

  REQUIRE(pair.client.connection().close(pair.client.now()) == ws::Status::ok);
  pair.client.flush();
  CHECK(run_until(pair.poller, [&] { return pair.client_owner.ends + pair.server_owner.ends == 2; }));
  CHECK(pair.client.connection().closing().clean());
  CHECK(pair.server.connection().closing().clean());
  CHECK(pair.client.socket_error().empty());
  CHECK(test::comes_to_rest(pair.poller));
}

TEST_CASE("a peer that is kept beyond its end hears nothing more and keeps nobody awake") {
  ServerByHand server;
  server.open();
  server.say(close_frame());
  net::half_close(server.hand.get());
  CHECK(server.run_to_end());
  CHECK(test::comes_to_rest(server.poller));
  server.peer->pause(true);
  server.peer->pause(false);
  server.peer->flush();
  server.peer->abandon();
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 1);
}

TEST_CASE("a peer may be destroyed at its end") {
  ServerByHand server;
  server.owner.on_end = [&](peer::Peer&) { server.peer.reset(); };
  server.open();
  SUBCASE("by the stream") { server.hand.reset(); }
  SUBCASE("by a timeout") { server.peer->abandon(); }
  CHECK(server.run_to_end());
  CHECK(server.peer == nullptr);
  CHECK(test::comes_to_rest(server.poller));
}

TEST_CASE("an idle peer keeps nobody awake") {
  ServerByHand server;
  CHECK(test::comes_to_rest(server.poller));
  server.open();
  CHECK(test::comes_to_rest(server.poller));
  server.peer->pause(true);
  server.say(text_frame("waits"));
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.received.empty());
}

TEST_CASE("messages arrive in order however the bytes do") {
  ServerByHand server(test::tcp_pair());
  server.open();
  std::string bytes;
  std::vector<std::string> sent;
  for (std::size_t size = 0; size < 300; size += 7) {
    sent.emplace_back(size, static_cast<char>('a' + size % 26));
    bytes += text_frame(sent.back());
  }
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    server.say(std::string_view(bytes).substr(at, 13));
    if (at % 5 == 0) REQUIRE(server.poller.run_once().ok());
  }
  CHECK(run_until(server.poller, [&] { return server.owner.received.size() == sent.size(); }));
  CHECK(server.owner.received == sent);
}

TEST_CASE("a pause in the middle of what was read loses nothing and changes no order") {
  ServerByHand server;
  server.open();
  server.owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
    if (std::holds_alternative<ws::Message>(event)) peer.pause(true);
  };
  server.say(text_frame("one") + text_frame("two") + text_frame("three"));
  for (std::size_t heard = 1; heard <= 3; ++heard) {
    CHECK(test::comes_to_rest(server.poller));
    CHECK(server.owner.received.size() == heard);
    server.peer->pause(false);
    CHECK(server.owner.received.size() == heard);  // not from within the call
  }
  server.say(text_frame("four"));
  CHECK(run_until(server.poller, [&] { return server.owner.received.size() == 4; }));
  CHECK(server.owner.received == std::vector<std::string>{"one", "two", "three", "four"});
}

TEST_CASE("a paused peer leaves the bytes to the system") {
  ServerByHand server;
  server.open();
  server.peer->pause(true);
  const std::string message = text_frame(std::string(1000, 'x'));
  const auto send_all_that_fits = [&] {
    std::size_t sent = 0;
    for (;;) {
      const net::IoResult result = net::send(server.hand.get(), base::as_bytes(message));
      if (result.kind != net::IoResult::Kind::done) return sent;
      sent += result.bytes;
    }
  };
  CHECK(send_all_that_fits() > 0);
  CHECK(test::comes_to_rest(server.poller));
  CHECK(send_all_that_fits() == 0);
  server.peer->pause(false);
  CHECK(run_until(server.poller, [&] { return send_all_that_fits() > 0; }));
}

TEST_CASE("output that the socket does not take waits for it, and the owner hears when there is room") {
  ServerByHand server;
  server.open();
  const std::string frames = server.fill();
  CHECK(server.peer->connection().output().size() < peer::Peer::high_water + 60'000);
  CHECK(test::comes_to_rest(server.poller));
  int progress = server.owner.progress;
  bool room_when_told = false;
  server.owner.on_progress = [&](peer::Peer& peer) { room_when_told = room_when_told || peer.has_room(); };
  const std::string heard =
      server.hear_until([&] { return room_when_told && server.peer->connection().output().empty(); });
  CHECK(server.owner.progress > progress);
  CHECK(heard == frames);
}

TEST_CASE("an owner that pauses while output waits hears when it has gone, at whatever moment the client reads") {
  ServerByHand server;
  server.open();
  const std::string frames = server.fill();
  std::string heard;
  bool waited = false;
  server.owner.on_progress = [&](peer::Peer& peer) {
    const bool waits = !peer.connection().output().empty();
    peer.pause(waits);
    if (waits) heard += server.hear();  // right behind the owner's back
    waited = waited || waits;
  };
  for (const std::size_t count : {1U, 2U}) {
    server.say(text_frame("x"));
    CHECK(run_until(server.poller, [&] {
      heard += server.hear();
      return server.owner.received.size() == count;
    }));
  }
  heard += server.hear();
  CHECK(waited);
  CHECK((heard == frames));  // without printing it
}

TEST_CASE("a peer goes on reading while its output waits") {
  ServerByHand server;
  server.open();
  server.fill();
  server.say(text_frame("still here"));
  CHECK(run_until(server.poller, [&] { return !server.owner.received.empty(); }));
}

TEST_CASE("a client that closes its half after its Close gets all that was still to come") {
  ServerByHand server;
  server.open();
  const std::string frames = server.fill();
  server.say(close_frame());
  net::half_close(server.hand.get());
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 0);
  const std::string heard = server.hear_until([&] { return server.owner.ends > 0; });
  CHECK(heard.size() == (frames + close_1000).size());
  CHECK(heard == frames + close_1000);
  CHECK(server.peer->connection().closing().clean());
}

TEST_CASE("so does one that closes its half without a word") {
  ServerByHand server;
  server.open();
  const std::string frames = server.fill();
  net::half_close(server.hand.get());
  CHECK(server.hear_until([&] { return server.owner.ends > 0; }) == frames);
  CHECK(server.peer->connection().closing().code() == ws::close_code::abnormal);
}

TEST_CASE("a client that never reads again is given up") {
  ServerByHand server(test::socket_pair(), impatient());
  server.open();
  server.fill();
  SUBCASE("after our Close") {
    REQUIRE(server.peer->connection().close(server.peer->now()) == ws::Status::ok);
    server.peer->flush();
  }
  SUBCASE("after our Close, while a slow client pauses us") {
    server.owner.on_progress = [](peer::Peer& peer) { peer.pause(!peer.has_room()); };
    REQUIRE(server.peer->connection().close(server.peer->now()) == ws::Status::ok);
    server.peer->pause(true);
    server.peer->flush();
  }
  SUBCASE("after its Close") { server.say(close_frame()); }
  SUBCASE("after the end of its stream") { net::half_close(server.hand.get()); }
  CHECK(server.run_to_end());
  CHECK(server.peer->connection().timed_out());
}

TEST_CASE("a handshake that does not come is given up") {
  ServerByHand server(test::socket_pair(), impatient());
  SUBCASE("nothing comes") {}
  SUBCASE("something comes at the last moment") {
    server.say("GET");
    const base::TimePoint late = server.poller.now() + 2ms;
    while (server.poller.now() < late) continue;
  }
  CHECK(server.run_to_end());
  CHECK(server.owner.failure == ws::HandshakeFailed::Reason::timed_out);
}

TEST_CASE("what is no WebSocket request is answered, also if the client has closed its half") {
  ServerByHand server;
  server.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  net::half_close(server.hand.get());
  const std::string heard = server.hear_until([&] { return server.owner.ends > 0; });
  CHECK(heard.substr(0, 12) == "HTTP/1.1 426");
  CHECK(server.owner.failure == ws::HandshakeFailed::Reason::bad_request);
}

TEST_CASE("a reset is the end, and says why") {
  ServerByHand server(test::tcp_pair());
  server.open();
  SUBCASE("while idle") { net::abort_connection(std::move(server.hand)); }
  SUBCASE("while output waits and the owner has paused because of it") {
    server.owner.on_progress = [](peer::Peer& peer) { peer.pause(!peer.has_room()); };
    server.fill(1'000'000);
    server.peer->pause(true);
    net::abort_connection(std::move(server.hand));
  }
  CHECK(server.run_to_end());
  CHECK(server.peer->socket_error() != "");
  CHECK(server.peer->connection().closing().code() == ws::close_code::abnormal);
}

TEST_CASE("a paused peer hears of a reset when it goes on") {
  ServerByHand server(test::tcp_pair());
  server.open();
  server.peer->pause(true);
  net::abort_connection(std::move(server.hand));
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 0);
  server.peer->pause(false);
  CHECK(server.run_to_end());
}

TEST_CASE("what a peer said before it went is heard, though writing fails already") {
  ServerByHand server;
  server.open();
  server.say(text_frame("last words") + close_frame());
  server.hand.reset();
  REQUIRE(server.peer->connection().send_text("to nobody") == ws::Status::ok);
  server.peer->flush();
  CHECK(server.peer->socket_error() == "broken pipe");
  CHECK(server.run_to_end());
  CHECK(server.owner.received == std::vector<std::string>{"last words"});
  CHECK(server.peer->connection().closing().received.has_value());
}

TEST_CASE("an abandoned peer ends in the next turn, without a word") {
  ServerByHand server;
  server.open();
  SUBCASE("at rest") {}
  SUBCASE("paused") { server.peer->pause(true); }
  SUBCASE("with output that waits") { server.fill(); }
  static_cast<void>(server.hear());
  server.peer->abandon();
  CHECK(server.owner.ends == 0);
  CHECK(server.run_to_end());
  CHECK(server.peer->connection().closing().code() == ws::close_code::abnormal);
  CHECK(server.peer->socket_error().empty());
}

TEST_CASE("a client that is spoken to before it has asked lets go") {
  test::LoopOfPeers world;
  auto ends = test::socket_pair();
  Owner owner;
  peer::Peer client(world.context(), std::move(ends.first), {}, owner);
  REQUIRE(net::send(ends.second.get(), base::as_bytes("HTTP/1.1 101 ")).bytes > 0);
  CHECK(run_until(world.poller, [&] { return owner.ends == 1; }));
}

TEST_CASE("a server ends the stream when both have said Close, and waits for the client to do the same") {
  ServerByHand server;
  server.open();
  server.say(close_frame());
  const std::string heard = server.hear_until([&] { return server.peer->connection().state() == ws::State::closed; });
  CHECK(heard == close_1000);
  std::byte byte;
  CHECK(net::receive(server.hand.get(), {&byte, 1}).kind == net::IoResult::Kind::end);
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 0);
  server.hand.reset();
  CHECK(server.run_to_end());
}

TEST_CASE("a peer knows where the other end is") {
  ServerByHand server(test::tcp_pair());
  CHECK(server.peer->address().text() == net::local_address(server.hand.get()).text());
}

TEST_CASE("a paused peer does not take its own pause for the silence of the other end") {
  ws::Options lively;
  lively.ping_interval = 1ms;
  lively.ping_timeout = 4ms;
  ServerByHand server(test::socket_pair(), lively);
  server.open();
  Strings told;
  server.owner.on_event = [&](peer::Peer&, const ws::Event& event) { told.push_back(test::in_words(event)); };
  server.peer->pause(true);
  server.say(text_frame("still here"));
  const test::Alarm alarm(server.poller, 20ms);
  REQUIRE(run_until(server.poller, [&] { return alarm.rang(); }));
  CHECK(told.empty());
  server.peer->pause(false);
  CHECK(run_until(server.poller, [&] { return !told.empty(); }));
  CHECK(told.front() == "text still here");
}

TEST_CASE("an observer sees every byte as it is on the wire, however few it lets through at once") {
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
    CAPTURE(step);
    Pair pair;
    const Watcher client(pair.client, step);
    const Watcher server(pair.server, step);
    pair.server_owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
      if (const auto* message = std::get_if<ws::Message>(&event)) {
        CHECK(peer.connection().send_text("re: " + std::string(message->text())) == ws::Status::ok);
      }
    };
    pair.open();
    for (const char* text : {"one", "", "three"}) CHECK(pair.client.connection().send_text(text) == ws::Status::ok);
    CHECK(pair.client.connection().close(pair.client.now()) == ws::Status::ok);
    pair.client.flush();
    CHECK(run_until(pair.poller, [&] { return pair.client_owner.ends + pair.server_owner.ends == 2; }));
    CHECK(pair.server_owner.received == Strings{"one", "", "three"});
    CHECK(pair.client_owner.received == Strings{"re: one", "re: ", "re: three"});
    CHECK(client.sent == server.received);
    CHECK(server.sent == client.received);
    const std::string answers =
        frame(0x81, "re: one") + frame(0x81, "re: ") + frame(0x81, "re: three") + frame(0x88, "\x03\xe8");
    CHECK(server.sent.substr(test::first_unit(server.sent)) == answers);
  }
}

TEST_CASE("an observer that stops behind each frame is told before what comes of it") {
  SUBCASE("a server whose client says everything at once") {
    ServerByHand server;
    Watcher watcher(*server.peer);
    watcher.watch(server.owner);
    const std::string said = std::string(test::upgrade_request) + text_frame("one") + test::masked_frame(0x89, "p") +
                             test::masked_frame(0x01, "tw") + test::masked_frame(0x80, "o") + close_frame();
    server.say(said);
    net::half_close(server.hand.get());
    CHECK(server.run_to_end());
    CHECK(watcher.told == Strings{"in 47", "request", "opened ", "in 81", "text one", "in 89", "ping p", "in 01",
                                  "in 80", "text two", "in 88", "close 1000 ", "out 48", "closed 1000"});
    CHECK(watcher.received == said);  // masked, as it came
    CHECK(watcher.sent == server.hear());
  }
  SUBCASE("a client whose server says everything at once") {
    Pair pair;
    Watcher watcher(pair.client);
    watcher.watch(pair.client_owner);
    pair.server_owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
      if (!std::holds_alternative<ws::Opened>(event)) return;
      CHECK(peer.connection().send_text("one") == ws::Status::ok);
      CHECK(peer.connection().send_ping(peer.now(), base::as_bytes("p")) == ws::Status::ok);
      CHECK(peer.connection().send_text("two") == ws::Status::ok);
    };
    pair.open();
    CHECK(run_until(pair.poller, [&] { return pair.client_owner.received.size() == 2; }));
    CHECK(watcher.told ==
          Strings{"out 47", "in 48", "opened ", "in 81", "text one", "in 89", "ping p", "in 81", "text two", "out 8a"});
  }
}

TEST_CASE("what a paused peer has read is not shown before it goes on") {
  ServerByHand server;
  server.open();
  const Watcher watcher(*server.peer);
  server.owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
    if (std::holds_alternative<ws::Message>(event)) peer.pause(true);
  };
  const std::string message = text_frame("message");
  server.say(message + message + message);
  for (std::size_t heard = 1; heard <= 2; ++heard) {
    CHECK(test::comes_to_rest(server.poller));
    CHECK(server.owner.received.size() == heard);
    CHECK(watcher.received.size() == heard * message.size());
    if (heard == 1) server.peer->pause(false);
  }
  SUBCASE("and then it is") {
    server.owner.on_event = nullptr;
    server.peer->pause(false);
    server.say(message);
    CHECK(run_until(server.poller, [&] { return server.owner.received.size() == 4; }));
    CHECK(watcher.received == message + message + message + message);
  }
  SUBCASE("nor ever, if it is abandoned") {
    server.peer->abandon();
    CHECK(server.run_to_end());
    CHECK(watcher.received == message + message);
  }
}

TEST_CASE("what the socket takes in parts is shown once, and what is not sent any more is not") {
  ServerByHand server;
  server.open();
  const Watcher watcher(*server.peer);
  SUBCASE("in parts") {
    const std::string frames = server.fill();
    CHECK((server.hear_until([&] { return server.peer->connection().output().empty(); }) == frames));
    CHECK((watcher.sent == frames));  // without printing it
  }
  SUBCASE("not any more") {
    server.say(test::masked_frame(0x88,
                                  "\x03\xe8"
                                  "bye"));
    server.hand.reset();
    REQUIRE(server.peer->connection().send_text("") == ws::Status::ok);
    server.peer->flush();
    CHECK(server.run_to_end());
    CHECK(server.peer->connection().closing().received.has_value());
    CHECK(watcher.sent == frame(0x81, ""));
  }
}

TEST_CASE("a reset is an error to the other side, the end of a half is none") {
  Pair pair;
  pair.open();
  pair.client.half_close();
  CHECK(run_until(pair.poller, [&] { return pair.server_owner.ends == 1; }));
  CHECK(pair.server.socket_error().empty());
  Pair broken(test::tcp_pair());
  broken.open();
  broken.client.reset();
  CHECK(run_until(broken.poller, [&] { return broken.client_owner.ends == 1; }));
}
