#include "peer/transport.h"

#include <cerrno>
#include <chrono>
#include <optional>

#include "http/url.h"
#include "owner.h"
#include "peer/peer.h"
#include "secure.h"

using namespace wscope;
using Kind = net::IoResult::Kind;
using test::hear_all;
using test::say_all;

TEST_CASE("a plain transport is its socket") {
  auto [fd, hand] = test::tcp_pair();
  peer::Transport transport(std::move(fd));
  CHECK(transport.tls() == nullptr);
  CHECK(transport.address().text() == net::local_address(hand.get()).text());
  say_all(transport, "to");
  test::say(hand, "fro");
  CHECK(test::hear(hand) == "to");
  CHECK(hear_all(transport).text == "fro");
  CHECK(!transport.holds_input());
  transport.flush();
  transport.drop_output();
  transport.half_close();
  CHECK(test::read_to_end(hand.get()).empty());
  CHECK(transport.error_text(ECONNRESET) == "connection reset by peer");
}

// --- peers over it

namespace {

/// A Peer that is a server, and a client by hand: a transport that has shaken hands with it.
struct SecureServer : test::LoopOfPeers {
  explicit SecureServer(const tls::Context& server_context, ws::Options options = {},
                        std::pair<net::UniqueFd, net::UniqueFd> ends = test::socket_pair())
      : hand(std::move(ends.second)) {
    options.role = ws::Role::server;
    peer::Transport transport(std::move(ends.first));
    transport.add_tls(tls::Engine::server(server_context).value(), blocks);
    peer.emplace(context(), std::move(transport), std::move(options), owner);
  }

  void shake_hands(const tls::Context& client_context) {
    hand.add_tls(test::client_engine(client_context), blocks);
    REQUIRE(test::run_until(poller, [&] { return hand.shake_hands().value(); }));
  }
  void open(const tls::Context& client_context) {
    shake_hands(client_context);
    say_all(hand, test::upgrade_request);
    REQUIRE(test::run_until(poller, [&] { return owner.opened; }));
    CHECK(hear_all(hand).text.substr(0, 12) == "HTTP/1.1 101");
  }
  bool run_to_end() {
    return test::run_until(poller, [&] { return owner.ends > 0; });
  }
  /// Sends until TLS and the socket take nothing more.
  std::string fill() {
    const std::string message(50'000, 'x');
    std::string frames;
    while (peer->has_room()) {
      REQUIRE(peer->connection().send_text(message) == ws::Status::ok);
      frames += test::frame(0x81, message);
      peer->flush();
    }
    return frames;
  }
  std::string hear_until_end() {
    std::string text;
    CHECK(test::run_until(poller, [&] {
      text += hear_all(hand).text;
      return owner.ends > 0;
    }));
    return text + hear_all(hand).text;
  }

  test::Owner owner;
  peer::Transport hand;
  std::optional<peer::Peer> peer;
};

}  // namespace

TEST_CASE("two peers open, talk and close over TLS") {
  const test::Trust trust;
  SecureServer pair(trust.server);
  pair.shake_hands(trust.client);
  test::Owner client_owner;
  peer::Peer client(pair.context(), std::move(pair.hand), {}, client_owner);
  CHECK(test::comes_to_rest(pair.poller));
  REQUIRE(client.connection().connect(http::parse_url("ws://h/").value()) == ws::Status::ok);
  client.flush();
  REQUIRE(test::run_until(pair.poller, [&] { return client_owner.opened && pair.owner.opened; }));
  CHECK(test::comes_to_rest(pair.poller));
  pair.owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
    if (const auto* message = std::get_if<ws::Message>(&event)) {
      CHECK(peer.connection().send_text(message->text()) == ws::Status::ok);
    }
  };
  const std::vector<std::string> messages = {"short", "", std::string(1'000'000, 'x'), "last"};
  for (const std::string& message : messages) {
    CHECK(client.connection().send_text(message) == ws::Status::ok);
    client.flush();
  }
  CHECK(test::run_until(pair.poller, [&] { return client_owner.received.size() == messages.size(); }));
  CHECK((client_owner.received == messages));  // without printing it
  CHECK(test::comes_to_rest(pair.poller));
  REQUIRE(client.connection().close(client.now()) == ws::Status::ok);
  client.flush();
  CHECK(test::run_until(pair.poller, [&] { return client_owner.ends + pair.owner.ends == 2; }));
  for (const peer::Peer* peer : {&client, &*pair.peer}) {
    CHECK(peer->connection().closing().clean());
    CHECK(peer->socket_error().empty());
    CHECK(peer->tls()->ended());
  }
  CHECK(test::comes_to_rest(pair.poller));
}

TEST_CASE("a handshake of TLS that does not come, or not further, is given up") {
  const test::Trust trust;
  ws::Options options;
  options.open_timeout = std::chrono::milliseconds(1);
  SecureServer server(trust.server, options);
  SUBCASE("nothing comes") {}
  SUBCASE("the first record stops in the middle") {
    REQUIRE(net::send(server.hand.fd(), base::as_bytes(std::string("\x16\x03\x01\x02\x00\x01", 6))).bytes == 6);
  }
  SUBCASE("the client has nothing more to say") {
    server.hand.add_tls(test::client_engine(trust.client), server.blocks);
    CHECK(*server.hand.shake_hands() == false);
  }
  CHECK(server.run_to_end());
  CHECK(server.owner.failure == ws::HandshakeFailed::Reason::timed_out);
  CHECK(test::comes_to_rest(server.poller));
}

TEST_CASE("a pause leaves in TLS what it holds, and the loop asleep") {
  const test::Trust trust;
  SecureServer server(trust.server);
  server.open(trust.client);
  server.owner.on_event = [](peer::Peer& peer, const ws::Event& event) {
    if (std::holds_alternative<ws::Message>(event)) peer.pause(true);
  };
  std::string frames;
  const std::string text(30'000, 'x');
  for (int i = 0; i < 5; ++i) frames += test::text_frame(text);
  say_all(server.hand, frames);
  for (std::size_t heard = 1; heard <= 5; ++heard) {
    CHECK(test::run_until(server.poller, [&] { return server.owner.received.size() == heard; }));
    CHECK(test::comes_to_rest(server.poller));
    CHECK(server.owner.received.size() == heard);
    server.peer->pause(false);
  }
  CHECK(test::comes_to_rest(server.poller));
}

TEST_CASE("output waits for the socket below TLS") {
  const test::Trust trust;
  SecureServer server(trust.server);
  server.open(trust.client);
  const std::string frames = server.fill();
  CHECK(test::comes_to_rest(server.poller));
  SUBCASE("a client that closes its half gets all of it") {
    say_all(server.hand, test::close_frame());
    server.hand.half_close();
    CHECK(test::comes_to_rest(server.poller));
    CHECK(server.owner.ends == 0);
    const std::string heard = server.hear_until_end();
    CHECK((heard == frames + test::frame(0x88, "\x03\xe8")));
    CHECK(server.hand.tls()->ended());
    CHECK(server.peer->connection().closing().clean());
  }
  SUBCASE("a peer that is abandoned does not wait for it") {
    server.peer->abandon();
    CHECK(server.run_to_end());
  }
}

TEST_CASE("the very last output is waited for, though the connection has written it") {
  const test::Trust trust;
  SecureServer server(trust.server, {}, test::narrow_pair());
  server.open(trust.client);
  const std::string message(60'000, 'x');
  REQUIRE(server.peer->connection().send_text(message) == ws::Status::ok);
  server.peer->flush();
  CHECK(server.peer->connection().output().empty());
  net::half_close(server.hand.fd());
  CHECK(test::comes_to_rest(server.poller));
  CHECK(server.owner.ends == 0);
  CHECK((server.hear_until_end() == test::frame(0x81, message)));
  CHECK(server.peer->tls()->truncated());
}

TEST_CASE("a client that never reads again is given up over TLS too") {
  const test::Trust trust;
  ws::Options options;
  options.close_timeout = std::chrono::milliseconds(1);
  SecureServer server(trust.server, options);
  server.open(trust.client);
  server.fill();
  SUBCASE("after our Close") {
    REQUIRE(server.peer->connection().close(server.peer->now()) == ws::Status::ok);
    server.peer->flush();
  }
  SUBCASE("after its Close") { say_all(server.hand, test::close_frame()); }
  SUBCASE("after its end") { net::half_close(server.hand.fd()); }
  CHECK(server.run_to_end());
  CHECK(server.peer->connection().timed_out());
}

TEST_CASE("a peer knows how TLS has come to its end") {
  const test::Trust trust;
  SecureServer server(trust.server);
  server.open(trust.client);
  bool truncated = false;
  std::string words;
  SUBCASE("in order") { server.hand.half_close(); }
  SUBCASE("cut off") {
    net::half_close(server.hand.fd());
    truncated = true;
  }
  SUBCASE("by bytes that were changed") {
    REQUIRE(net::send(server.hand.fd(), base::as_bytes(test::bad_record())).bytes > 0);
    words = "what came was changed on its way";
  }
  CHECK(server.run_to_end());
  CHECK(server.peer->connection().closing().code() == ws::close_code::abnormal);
  CHECK(server.peer->tls()->truncated() == truncated);
  CHECK(server.peer->socket_error() == words);
}

TEST_CASE("a client's peer tells in TLS's words that its certificate was refused, also if it was writing") {
  const test::Trust trust;
  SecureServer server(trust.asking_server);
  server.shake_hands(trust.client);
  test::Owner owner;
  peer::Peer client(server.context(), std::move(server.hand), {}, owner);
  std::string gone;
  SUBCASE("before") {}
  SUBCASE("when the socket was gone already") {
    gone = "broken pipe";
    client.pause(true);
    CHECK(server.run_to_end());
    server.peer.reset();
  }
  REQUIRE(client.connection().connect(http::parse_url("ws://h/").value()) == ws::Status::ok);
  client.flush();
  CHECK(client.socket_error() == gone);
  client.pause(false);
  CHECK(test::run_until(server.poller, [&] { return owner.ends == 1; }));
  CHECK(client.socket_error() == "the server wants a client certificate");
}

TEST_CASE("a peer answers HTTP without TLS once, and has failed") {
  const test::Trust trust;
  SecureServer server(trust.server);
  CHECK(server.hand.send(base::as_bytes(test::upgrade_request)).bytes > 0);
  CHECK(server.run_to_end());
  CHECK(server.owner.failure.has_value());
  CHECK(server.peer->socket_error() == "the peer does not speak TLS");
  const test::Heard heard = hear_all(server.hand);
  CHECK(heard.kind == Kind::end);
  CHECK(heard.text.find("400 Bad Request") == 9);
  CHECK(heard.text.find("HTTP/1.1", 1) == std::string::npos);
}
