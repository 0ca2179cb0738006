// Each deadline of this layer after an hour in which nothing happened.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "addresses.h"
#include "owner.h"
#include "peer/dialer.h"
#include "secure.h"
#include "support/fake_time.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::close_frame;
using test::settle;
using test::text_frame;

namespace {

ws::Options timed() {
  ws::Options options;
  options.open_timeout = 10s;
  options.close_timeout = 10s;
  return options;
}

struct Clock {
  test::FakeTime time;
};

/// A Peer that is a server, whose clock the test has.
struct Server : Clock, test::LoopOfPeers {
  explicit Server(ws::Options options = timed()) : test::LoopOfPeers(&time) {
    options.role = ws::Role::server;
    auto ends = test::socket_pair();
    hand = std::move(ends.second);
    peer = std::make_unique<peer::Peer>(context(), std::move(ends.first), std::move(options), owner);
  }

  /// Open, and then silent for an hour.
  void open() {
    test::say(hand, test::upgrade_request);
    REQUIRE(test::run_until(poller, [&] { return owner.opened; }));
    CHECK(test::hear(hand).substr(0, 12) == "HTTP/1.1 101");
    settle(poller);
    time.pass(1h);
    settle(poller);
  }
  void close() {
    CHECK(peer->connection().close(peer->now()) == ws::Status::ok);
    peer->flush();
    settle(poller);
  }
  [[nodiscard]] bool over() const { return owner.ends > 0; }
  /// Nothing ends it for nearly ten seconds, and then it is over.
  void check_ten_seconds() {
    time.pass(10s - 1ns);
    settle(poller);
    CHECK_FALSE(over());
    time.pass(1ns);
    settle(poller);
    CHECK(over());
    CHECK(peer->connection().timed_out());
  }

  test::Owner owner;
  net::UniqueFd hand;
  std::unique_ptr<peer::Peer> peer;
};

struct Racer final : peer::RaceOwner {
  void handle_attempt(const net::SocketAddress&) override { ++attempts; }
  void handle_winner(base::Result<net::UniqueFd>) override { ++outcomes; }

  test::FakeTime time;
  net::Poller poller{&time};
  peer::Race race{poller, *this};
  int attempts = 0;
  int outcomes = 0;
};

/// Dials after an hour, and has ten seconds for it.
struct Caller final : peer::DialerOwner {
  void handle_attempt(const net::SocketAddress&) override {}
  void handle_dialed(base::Result<peer::Dialed> dialed) override { answer.emplace(std::move(dialed)); }

  void dial(peer::Destination destination) {
    settle(poller);
    time.pass(1h);
    dialer.start(std::move(destination), 10s);
    settle(poller);
  }
  void check_ten_seconds(const std::string& message) {
    time.pass(10s - 1ns);
    settle(poller);
    CHECK_FALSE(answer);
    time.pass(1ns);
    settle(poller);
    REQUIRE(answer);
    REQUIRE_FALSE(answer->ok());
    CHECK(answer->error().message == message);
  }

  test::FakeTime time;
  net::Poller poller{&time};
  peer::ReadBlocks blocks;
  peer::Dialer dialer{poller, blocks, *this};
  std::optional<base::Result<peer::Dialed>> answer;
};

peer::Destination to(const net::SocketAddress& address) {
  peer::Destination destination;
  destination.host = "127.0.0.1";
  destination.port = address.port();
  return destination;
}

}  // namespace

TEST_CASE("after an hour of silence a Close that is answered in time is answered") {
  Server server;
  server.open();
  server.close();
  CHECK_FALSE(server.over());
  server.time.pass(9s);
  test::say(server.hand, close_frame());
  net::half_close(server.hand.get());
  settle(server.poller);
  CHECK(server.over());
  CHECK(server.peer->connection().closing().clean());
  CHECK_FALSE(server.peer->connection().timed_out());
}

TEST_CASE("after an hour of silence whoever does not end has close_timeout, whatever began it") {
  Server server;
  server.open();
  SUBCASE("our Close") { server.close(); }
  SUBCASE("the peer's") {
    test::say(server.hand, close_frame());
    settle(server.poller);
  }
  SUBCASE("a violation") {
    test::say(server.hand, test::masked_frame(0x83, ""));
    settle(server.poller);
  }
  server.check_ten_seconds();
}

TEST_CASE("after an hour of silence the end of the stream leaves close_timeout for what is to be written") {
  Server server;
  server.open();
  const std::string message(50'000, 'x');
  while (server.peer->has_room()) {
    REQUIRE(server.peer->connection().send_text(message) == ws::Status::ok);
    server.peer->flush();
  }
  net::half_close(server.hand.get());
  settle(server.poller);
  server.check_ten_seconds();
}

TEST_CASE("what has arrived is in time, though an hour passes before anybody looks") {
  Server server;
  SUBCASE("a request") {
    test::say(server.hand, test::upgrade_request);
    server.time.pass(1h);
    settle(server.poller);
    CHECK(server.owner.opened);
    CHECK_FALSE(server.over());
  }
  SUBCASE("the answer to our Close") {
    server.open();
    server.close();
    test::say(server.hand, text_frame("on its way") + close_frame());
    net::half_close(server.hand.get());
    server.time.pass(1h);
    settle(server.poller);
    CHECK(server.over());
    CHECK(server.peer->connection().closing().clean());
  }
}

TEST_CASE("a peer that floods us instead of answering is not in time") {
  Server server;
  server.open();
  server.close();
  server.time.pass(1h);
  test::say(server.hand, text_frame("anything but a Close"));
  settle(server.poller);
  CHECK(server.over());
  CHECK(server.peer->connection().timed_out());
}

TEST_CASE("a handshake has open_timeout from when the client came, an hour after the loop began") {
  Server idle;
  settle(idle.poller);
  idle.time.pass(1h);
  auto ends = test::socket_pair();
  test::Owner owner;
  ws::Options options = timed();
  options.role = ws::Role::server;
  peer::Peer peer(idle.context(), std::move(ends.first), options, owner);
  idle.time.pass(10s - 1ns);
  settle(idle.poller);
  CHECK(owner.ends == 0);
  idle.time.pass(1ns);
  settle(idle.poller);
  CHECK(owner.ends == 1);
  CHECK(owner.failure == ws::HandshakeFailed::Reason::timed_out);
}

TEST_CASE("a TLS handshake that does not come has open_timeout") {
  const test::Trust trust;
  Server server;
  settle(server.poller);
  server.time.pass(1h);
  auto ends = test::socket_pair();
  peer::Transport transport(std::move(ends.first));
  transport.add_tls(tls::Engine::server(trust.server).value(), server.blocks);
  test::Owner owner;
  ws::Options options = timed();
  options.role = ws::Role::server;
  peer::Peer peer(server.context(), std::move(transport), options, owner);
  server.time.pass(10s - 1ns);
  settle(server.poller);
  CHECK(owner.ends == 0);
  server.time.pass(1ns);
  settle(server.poller);
  CHECK(owner.ends == 1);
}

TEST_CASE("after an hour in which nobody looked a Ping goes out, and silence is given ping_timeout") {
  ws::Options options = timed();
  options.ping_interval = 20s;
  options.ping_timeout = 8s;
  Server server(options);
  server.open();
  CHECK(test::hear(server.hand).substr(0, 2) == "\x89\x04");
  server.time.pass(8s - 1ns);
  settle(server.poller);
  CHECK(server.peer->connection().state() == ws::State::open);
  SUBCASE("silence") {
    server.time.pass(1ns);
    settle(server.poller);
    CHECK(server.peer->connection().state() == ws::State::closed);
    CHECK(test::hear(server.hand).substr(0, 1) == "\x88");
    server.check_ten_seconds();
  }
  SUBCASE("a sign of life that nobody looked at for an hour") {
    test::say(server.hand, text_frame("x"));
    server.time.pass(1h);
    settle(server.poller);
    CHECK(server.peer->connection().state() == ws::State::open);
  }
  SUBCASE("silence while the owner does not read") {
    server.peer->pause(true);
    server.time.pass(1h);
    settle(server.poller);
    CHECK(server.peer->connection().state() == ws::State::open);
  }
}

TEST_CASE("after an hour the next address is tried after 250 ms, not at once") {
  const test::SilentListener silent;
  Racer racer;
  settle(racer.poller);
  racer.time.pass(1h);
  racer.race.start({silent.address(), silent.address(), silent.address()});
  for (int tried = 1; tried < 3; ++tried) {
    settle(racer.poller);
    CHECK(racer.attempts == tried);
    racer.time.pass(250ms - 1ns);
    settle(racer.poller);
    CHECK(racer.attempts == tried);
    racer.time.pass(1ns);
  }
  settle(racer.poller);
  CHECK(racer.attempts == 3);
  CHECK(racer.outcomes == 0);
}

TEST_CASE("after an hour there is all of the time to connect, in every part of the way") {
  Caller caller;
  SUBCASE("TCP") {
    const test::SilentListener silent;
    caller.dial(to(silent.address()));
    caller.check_ten_seconds("timed out");
  }
  SUBCASE("a proxy") {
    const net::UniqueFd proxy = test::listen_anywhere();
    peer::Destination destination = to(test::numeric("127.0.0.1", 1));
    destination.proxy.emplace();
    destination.proxy->host = "127.0.0.1";
    destination.proxy->port = test::port_of(proxy);
    SUBCASE("HTTP") {}
    SUBCASE("SOCKS") { destination.proxy->kind = peer::ProxyHop::Kind::socks; }
    caller.dial(destination);
    caller.check_ten_seconds("proxy " + test::address_of(proxy).text() + ": timed out");
  }
  SUBCASE("TLS") {
    const net::UniqueFd server = test::listen_anywhere();
    const test::Trust trust;
    peer::Destination destination = to(test::address_of(server));
    destination.tls = &trust.client;
    destination.server_name = "a.example";
    caller.dial(destination);
    caller.check_ten_seconds("timed out");
  }
}

TEST_CASE("how long each part of the way took does not count the hour before") {
  const net::UniqueFd listener = test::listen_anywhere();
  Caller caller;
  caller.dial(to(test::address_of(listener)));
  REQUIRE(test::run_until(caller.poller, [&] { return caller.answer.has_value(); }));
  REQUIRE(caller.answer->ok());
  CHECK((*caller.answer)->times.tcp == base::Duration::zero());
}
