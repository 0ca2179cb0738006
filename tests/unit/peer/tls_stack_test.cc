#include "peer/tls_stack.h"

#include <algorithm>
#include <cerrno>
#include <random>

#include <poll.h>
#include <sys/socket.h>

#include "owner.h"
#include "secure.h"

using namespace wscope;
using Kind = net::IoResult::Kind;
using State = tls::Engine::State;
using test::hear_all;
using test::hear_once;
using test::say_all;

namespace {

/// A client and a server, with as many layers of TLS.
struct Ends {
  explicit Ends(const test::Trust& trust, int layers = 1,
                std::pair<net::UniqueFd, net::UniqueFd> ends = test::socket_pair())
      : Ends(trust.client, trust.server, layers, std::move(ends)) {}
  Ends(const tls::Context& client_context, const tls::Context& server_context, int layers = 1,
       std::pair<net::UniqueFd, net::UniqueFd> ends = test::socket_pair())
      : client(std::move(ends.first)), server(std::move(ends.second)) {
    for (int i = 0; i < layers; ++i) server.add_tls(tls::Engine::server(server_context).value(), blocks);
    for (int i = 0; i < layers; ++i) {
      client.add_tls(test::client_engine(client_context), blocks);
      shake_hands();
    }
  }

  /// As far as it goes.
  void shake_hands() {
    for (int turn = 0; turn < 50; ++turn) {
      done = client.shake_hands();
      server_heard = hear_all(server);
      if (!done || *done) return;
    }
    FAIL("no end to the handshake");
  }

  peer::ReadBlocks blocks{};
  peer::Transport client;
  peer::Transport server;
  base::Result<bool> done = false;
  test::Heard server_heard{};
};

/// An owner as the loop would have it: it moves what it can and says what it waits for.
struct Mover {
  Mover(peer::Transport& moved, std::string text, unsigned seed)
      : transport(moved), rest(std::move(text)), random(seed) {}

  void move() {
    transport.flush();
    while (!rest.empty()) {
      const net::IoResult result = transport.send(base::as_bytes(rest).first(std::min(rest.size(), some())));
      if (result.kind != Kind::done) break;
      rest.erase(0, result.bytes);
    }
    if (rest.empty() && !closed) {
      transport.half_close();
      closed = true;
    }
  }
  void read() {
    test::Heard heard = hear_once(transport, some());
    got += heard.text;
    CHECK(heard.kind != Kind::failed);
    if (heard.kind == Kind::end) ended = true;
  }
  [[nodiscard]] std::size_t some() { return 1 + random() % 100'000; }
  [[nodiscard]] short interest() const {
    const bool writes = transport.holds_output() || !rest.empty();
    return static_cast<short>((ended ? 0 : POLLIN) | (writes ? POLLOUT : 0));
  }
  [[nodiscard]] bool over() const { return ended && closed && !transport.holds_output(); }

  peer::Transport& transport;
  std::string rest;
  std::mt19937 random;
  std::string got{};
  bool ended = false;
  bool closed = false;
};

const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace

TEST_CASE("a client and a server shake hands and talk") {
  const test::Trust trust;
  for (const int layers : {1, 2}) {
    CAPTURE(layers);
    Ends ends(trust, layers);
    REQUIRE((ends.done && *ends.done));
    CHECK(ends.client.tls()->state() == State::open);
    CHECK(ends.server.tls()->state() == State::open);
    CHECK(hear_all(ends.client).kind == Kind::would_block);
    CHECK(!ends.client.holds_input());
    CHECK(!ends.client.holds_output());
    say_all(ends.client, "to");
    CHECK(hear_all(ends.server).text == "to");
    say_all(ends.server, "fro");
    CHECK(hear_all(ends.client, 1).text == "fro");
  }
}

TEST_CASE("nothing is taken before the handshake is done") {
  const test::Trust trust;
  auto [fd, hand] = test::socket_pair();
  peer::ReadBlocks blocks;
  peer::Transport transport(std::move(fd));
  transport.add_tls(test::client_engine(trust.client), blocks);
  CHECK(*transport.shake_hands() == false);
  CHECK(transport.send(base::as_bytes("too early")).kind == Kind::would_block);
  CHECK(!transport.holds_output());
}

TEST_CASE("a server that speaks with its handshake is heard") {
  const test::Trust trust;
  auto [fd, other] = test::tcp_pair();
  peer::ReadBlocks blocks;
  peer::Transport client(std::move(fd));
  peer::Transport server(std::move(other));
  client.add_tls(test::client_engine(trust.client), blocks);
  server.add_tls(tls::Engine::server(trust.server).value(), blocks);
  CHECK(*client.shake_hands() == false);
  CHECK(hear_all(server).kind == Kind::would_block);
  CHECK(*client.shake_hands());
  CHECK(client.holds_input());
  CHECK(hear_all(server).kind == Kind::would_block);
  say_all(server, "first");
  CHECK(hear_all(client).text == "first");
}

TEST_CASE("large transfers both ways through narrow sockets come to their end") {
  const test::Trust trust;
  for (const int layers : {1, 2}) {
    CAPTURE(layers);
    Ends ends(trust, layers, test::narrow_pair());
    REQUIRE((ends.done && *ends.done));
    const std::string to = test::noise(3'000'000, 1);
    const std::string fro = test::noise(2'000'000, 2);
    Mover client(ends.client, to, 3);
    Mover server(ends.server, fro, 4);
    while (!client.over() || !server.over()) {
      const bool at_once = ends.client.holds_input() || ends.server.holds_input();
      pollfd polled[] = {{ends.client.fd(), client.interest(), 0}, {ends.server.fd(), server.interest(), 0}};
      REQUIRE((::poll(polled, 2, at_once ? 0 : 20'000) > 0 || at_once));
      if (ends.client.holds_input() || (polled[0].revents & POLLIN) != 0) client.read();
      client.move();
      if (ends.server.holds_input() || (polled[1].revents & POLLIN) != 0) server.read();
      server.move();
    }
    CHECK((client.got == fro));  // without printing it
    CHECK((server.got == to));
    CHECK(!ends.client.tls()->truncated());
    CHECK(!ends.server.tls()->truncated());
  }
}

TEST_CASE("a full socket stops the sender, who keeps little") {
  const test::Trust trust;
  Ends ends(trust, 1, test::narrow_pair());
  const std::string much = test::noise(5'000'000, 1);
  const net::IoResult result = ends.client.send(base::as_bytes(much));
  CHECK(result.kind == Kind::done);
  CHECK(result.bytes < 200'000);
  CHECK(ends.client.holds_output());
  CHECK(ends.client.send(base::as_bytes(much)).kind == Kind::would_block);
  SUBCASE("until there is room") {
    std::string got;
    while (got.size() < result.bytes) {
      got += hear_all(ends.server).text;
      ends.client.flush();
    }
    CHECK((got == much.substr(0, result.bytes)));
    CHECK(!ends.client.holds_output());
  }
  SUBCASE("or for good") {
    ends.client.drop_output();
    CHECK(!ends.client.holds_output());
  }
  SUBCASE("and says the end behind all of it") {
    ends.client.half_close();
    CHECK(ends.client.holds_output());
    std::string got;
    for (test::Heard heard{}; heard.kind != Kind::end; got += heard.text) {
      heard = hear_all(ends.server);
      ends.client.flush();
      REQUIRE(heard.kind != Kind::failed);
    }
    CHECK(got.size() == result.bytes);
    CHECK(!ends.server.tls()->truncated());
  }
}

TEST_CASE("the end is told behind what came before, without anything new") {
  const test::Trust trust;
  for (const int layers : {1, 2}) {
    CAPTURE(layers);
    Ends ends(trust, layers);
    say_all(ends.client, "last words");
    ends.client.half_close();
    CHECK(ends.client.send(base::as_bytes("more")).kind == Kind::failed);
    CHECK(hear_once(ends.server, 4).text == "last");
    CHECK(ends.server.holds_input());
    CHECK(hear_once(ends.server).text == " words");
    CHECK(ends.server.holds_input());
    CHECK(hear_once(ends.server).kind == Kind::end);
    CHECK(!ends.server.holds_input());
    CHECK(ends.server.tls()->ended());
    say_all(ends.server, "but I go on");
    ends.server.half_close();
    const test::Heard heard = hear_all(ends.client);
    CHECK(heard.text == "but I go on");
    CHECK(heard.kind == Kind::end);
  }
}

TEST_CASE("an end without a word of TLS is seen") {
  const test::Trust trust;
  Ends ends(trust);
  say_all(ends.client, "cut");
  net::half_close(ends.client.fd());
  const test::Heard heard = hear_all(ends.server);
  CHECK(heard.text == "cut");
  CHECK(heard.kind == Kind::end);
  CHECK(ends.server.tls()->truncated());
}

TEST_CASE("bytes that were changed are told behind what was good, and both ends know") {
  const test::Trust trust;
  Ends ends(trust);
  say_all(ends.client, "good");
  REQUIRE(net::send(ends.client.fd(), base::as_bytes(test::bad_record())).bytes == 37);
  CHECK(hear_once(ends.server).text == "good");
  CHECK(ends.server.holds_input());
  CHECK(hear_once(ends.server).kind == Kind::failed);
  CHECK(!ends.server.holds_input());
  CHECK(ends.server.error_text(EPROTO) == "what came was changed on its way");
  CHECK(ends.server.send(base::as_bytes("x")).kind == Kind::failed);
  CHECK(hear_all(ends.client).kind == Kind::failed);
  CHECK(ends.client.error_text(EPROTO) == "the server has ended TLS: bad record mac");
}

TEST_CASE("a client hears after its handshake that its certificate is missed") {
  const test::Trust trust;
  Ends ends(trust.client, trust.asking_server);
  CHECK((ends.done && *ends.done));
  CHECK(ends.server_heard.kind == Kind::failed);
  CHECK(hear_all(ends.client).kind == Kind::failed);
  CHECK(ends.client.error_text(EPROTO) == "the server wants a client certificate");
}

TEST_CASE("a client tells why a handshake fails") {
  const test::Trust trust;
  SUBCASE("of the certificate, and the server hears of it") {
    const auto other = tls::Context::client({}).value();
    Ends ends(other, trust.server);
    REQUIRE(!ends.done);
    CHECK(ends.done.error().message == "unknown issuer: CN=Test Authority");
    CHECK(ends.server_heard.kind == Kind::failed);
    CHECK(ends.server.error_text(EPROTO) == "the client refuses our certificate: unknown issuer");
  }
  SUBCASE("of the socket") {
    auto [fd, hand] = test::tcp_pair();
    peer::ReadBlocks blocks;
    peer::Transport client(std::move(fd));
    client.add_tls(test::client_engine(trust.client), blocks);
    CHECK(*client.shake_hands() == false);
    net::abort_connection(std::move(hand));
    REQUIRE(test::wait_for(client.fd(), POLLIN));
    const auto done = client.shake_hands();
    REQUIRE(!done);
    CHECK(done.error().kind == base::ErrorKind::tls);
    CHECK(done.error().message == "connection reset by peer during the TLS handshake");
  }
}

TEST_CASE("a client without TLS is told in its own words") {
  const test::Trust trust;
  auto [fd, hand] = test::tcp_pair();
  peer::ReadBlocks blocks;
  peer::Transport server(std::move(fd));
  server.add_tls(tls::Engine::server(trust.server).value(), blocks);
  SUBCASE("whole") { test::say(hand, request); }
  SUBCASE("byte by byte") {
    for (const char c : request.substr(0, 5)) {
      CHECK(hear_all(server).kind == Kind::would_block);
      test::say(hand, {&c, 1});
    }
  }
  CHECK(hear_all(server).kind == Kind::failed);
  CHECK(server.error_text(EPROTO) == "the peer does not speak TLS");
  CHECK(server.send(base::as_bytes("x")).kind == Kind::failed);
  CHECK(test::read_to_end(hand.get()) ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Length: 45\r\n\r\n"
        "this port speaks TLS: use wss:// or https://\n");
}
