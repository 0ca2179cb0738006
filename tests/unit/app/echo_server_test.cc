#include "app/echo_server.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "unit/peer/owner.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::run_until;

namespace {

struct Served {
  explicit Served(cli::Timeouts timeouts = {}) : server(loop, timeouts) {
    REQUIRE(server.listen({.host = "", .port = 0}).ok());
  }

  [[nodiscard]] net::UniqueFd connect() const {
    const http::Url url = server.url();
    auto socket = net::start_connect(net::SocketAddress::from_numeric(url.host, url.port).value());
    REQUIRE(socket.ok());
    REQUIRE(test::wait_for(socket->get(), POLLOUT));
    return std::move(*socket);
  }
  /// A connection on which bytes are sent as they are.
  [[nodiscard]] net::UniqueFd connect_and_say(std::string_view bytes) {
    net::UniqueFd socket = connect();
    REQUIRE(net::send(socket.get(), base::as_bytes(bytes)).bytes == bytes.size());
    REQUIRE(run_until(loop.poller, [&] { return server.has_clients(); }));
    return socket;
  }
  /// What the server answers until it closes its half.
  [[nodiscard]] std::string answer_to(std::string_view request) {
    const net::UniqueFd socket = connect_and_say(request);
    std::string text;
    std::vector<std::byte> room(65'536);
    CHECK(run_until(loop.poller, [&] {
      net::IoResult result;
      while ((result = net::receive(socket.get(), room)).kind == net::IoResult::Kind::done) {
        text += base::as_text(base::Bytes(room).first(result.bytes));
      }
      return result.kind == net::IoResult::Kind::end;
    }));
    return text;
  }
  bool run_until_empty() {
    return run_until(loop.poller, [&] { return !server.has_clients(); });
  }

  app::Loop loop;
  app::EchoServer server;
};

/// A WebSocket client of it.
struct Client {
  explicit Client(Served& server) : served(server) {
    ws::Options options;
    options.limits.message = ws::unlimited;
    options.extensions = {&deflate};
    peer = std::make_unique<peer::Peer>(served.loop.context(), served.connect(), std::move(options), owner);
    owner.on_event = [this](peer::Peer&, const ws::Event& event) {
      if (const auto* message = std::get_if<ws::Message>(&event)) messages.push_back(*message);
    };
    REQUIRE(connection().connect(served.server.url()) == ws::Status::ok);
    peer->flush();
    REQUIRE(run_until(served.loop.poller, [&] { return owner.opened; }));
  }

  [[nodiscard]] ws::Connection& connection() const { return peer->connection(); }
  /// The next message after what was sent.
  const ws::Message& answer() {
    peer->flush();
    const std::size_t before = messages.size();
    REQUIRE(run_until(served.loop.poller, [&] { return messages.size() > before; }));
    return messages.back();
  }
  [[nodiscard]] const std::string& text() const { return owner.received.back(); }

  Served& served;
  ws::PermessageDeflate deflate;
  test::Owner owner;
  std::vector<ws::Message> messages;  // without their data, which owner.received keeps
  std::unique_ptr<peer::Peer> peer;
};

constexpr std::string_view upgrade =
    "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

}  // namespace

TEST_CASE("text comes back as text and binary as binary") {
  Served served;
  Client client(served);
  REQUIRE(client.connection().send_text("grüße") == ws::Status::ok);
  CHECK(client.answer().type == ws::Opcode::text);
  CHECK(client.text() == "grüße");
  REQUIRE(client.connection().send_binary(base::as_bytes("\xff\x01")) == ws::Status::ok);
  CHECK(client.answer().type == ws::Opcode::binary);
  CHECK(client.text() == "\xff\x01");
  REQUIRE(client.connection().send_text("") == ws::Status::ok);
  CHECK(client.answer().type == ws::Opcode::text);
  CHECK(client.text().empty());
}

TEST_CASE("fragments come back as one message") {
  Served served;
  Client client(served);
  REQUIRE(client.connection().send_text("", false) == ws::Status::ok);
  REQUIRE(client.connection().send_continuation(base::as_bytes("frag"), false) == ws::Status::ok);
  REQUIRE(client.connection().send_ping() == ws::Status::ok);
  REQUIRE(client.connection().send_continuation(base::as_bytes("ments"), true) == ws::Status::ok);
  CHECK(client.answer().finished);
  CHECK(client.text() == "fragments");
}

TEST_CASE("what came compressed goes back compressed, and nothing else does") {
  Served served;
  Client client(served);
  REQUIRE(client.connection().extensions().find("permessage-deflate") == 0);
  for (const bool compress : {true, false, true}) {
    const std::string payload(1000, 'a');
    ws::Piece piece;
    piece.payload = base::as_bytes(payload);
    piece.compress = compress;
    REQUIRE(client.connection().send(piece) == ws::Status::ok);
    CHECK((client.answer().rsv == ws::rsv1) == compress);
    CHECK(client.text() == payload);
  }
}

TEST_CASE("a large message comes back unchanged while it is still being sent") {
  Served served;
  Client client(served);
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
  client.answer();
  CHECK(client.text() == sent);
}

TEST_CASE("many clients are served at once, each its own") {
  Served served;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<Client>(served));
  for (std::size_t i = 0; i < clients.size(); ++i) {
    REQUIRE(clients[i]->connection().send_text(std::to_string(i)) == ws::Status::ok);
    clients[i]->peer->flush();
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    CHECK(run_until(served.loop.poller, [&] { return !clients[i]->messages.empty(); }));
    CHECK(clients[i]->text() == std::to_string(i));
  }
  clients.clear();
  CHECK(served.run_until_empty());
  CHECK(test::comes_to_rest(served.loop.poller));
}

TEST_CASE("a Close is answered with its own code") {
  Served served;
  Client client(served);
  REQUIRE(client.connection().close(ws::CloseCode{4321}, "bye") == ws::Status::ok);
  client.peer->flush();
  CHECK(run_until(served.loop.poller, [&] { return client.owner.ends == 1; }));
  CHECK(client.connection().closing().received == ws::Close{ws::CloseCode{4321}, "bye"});
  CHECK(served.run_until_empty());
}

TEST_CASE("shutting down says going away to all and lets nobody else in") {
  Served served;
  Client open(served);
  const net::UniqueFd half_open = served.connect_and_say("GET / HT");
  Client other(served);
  served.server.shut_down();
  CHECK(run_until(served.loop.poller, [&] { return open.owner.ends + other.owner.ends == 2; }));
  CHECK(open.connection().closing().code() == ws::close_code::going_away);
  CHECK(open.connection().closing().clean());
  CHECK(served.run_until_empty());
  CHECK(test::comes_to_rest(served.loop.poller));
}

TEST_CASE("shutting down waits no longer than the timeout for a client that does not read") {
  cli::Timeouts timeouts;
  timeouts.close = 1ms;
  Served served(timeouts);
  const net::UniqueFd client = served.connect_and_say(upgrade);
  const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
  std::size_t sent = 0;
  do {
    test::settle(served.loop.poller);
    const std::size_t before = sent;
    for (;;) {
      const std::size_t begin = sent % message.size();
      const net::IoResult result = net::send(client.get(), base::as_bytes(message).subspan(begin));
      if (result.kind != net::IoResult::Kind::done) break;
      sent += result.bytes;
    }
    if (sent == before) break;
  } while (sent < 100'000'000);
  CHECK(sent < 100'000'000);  // it stops reading what it cannot send back
  CHECK(test::comes_to_rest(served.loop.poller));
  served.server.shut_down();
  CHECK(served.run_until_empty());
}

TEST_CASE("a client that resets while it is slow is forgotten") {
  Served served;
  net::UniqueFd client = served.connect_and_say(upgrade);
  const std::string message = test::masked_frame(0x82, std::string(60'000, 'x'));
  for (int i = 0; i < 200; ++i) {
    test::settle(served.loop.poller);
    if (net::send(client.get(), base::as_bytes(message)).bytes < message.size()) break;
  }
  net::abort_connection(std::move(client));
  CHECK(served.run_until_empty());
}

TEST_CASE("what is no request to upgrade gets the answer of HTTP") {
  Served served;
  CHECK(served.answer_to("GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("HTTP/1.1 426 ") == 0);
  CHECK(served.answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").find("HTTP/1.1 405 ") == 0);
  CHECK(served.answer_to("SSH-2.0-client\r\n\r\n").find("HTTP/1.1 400 ") == 0);
  CHECK(served.run_until_empty());
}

TEST_CASE("a client that asks for nothing is let go in time") {
  cli::Timeouts timeouts;
  timeouts.handshake = 1ms;
  Served served(timeouts);
  const net::UniqueFd client = served.connect_and_say("GET");
  CHECK(served.run_until_empty());
}

TEST_CASE("it listens on this machine, on both families where there are two") {
  Served served;
  const http::Url url = served.server.url();
  CHECK(served.server.authority() == url.authority());
  CHECK(url.port != 0);
  const net::UniqueFd probe(::socket(AF_INET6, SOCK_STREAM, 0));
  const auto loopback = net::SocketAddress::from_numeric("::1", url.port).value();
  const auto any_port = net::SocketAddress::from_numeric("::1", 0).value();
  if (!probe.valid() || ::bind(probe.get(), any_port.data(), any_port.size()) != 0) return;
  auto socket = net::start_connect(loopback);
  REQUIRE(socket.ok());
  REQUIRE(test::wait_for(socket->get(), POLLOUT));
  CHECK(net::connect_result(socket->get()).ok());
}

TEST_CASE("it listens on the address it is given, or says why not") {
  app::Loop loop;
  app::EchoServer server(loop, {});
  REQUIRE(server.listen({.host = "127.0.0.1", .port = 0}).ok());
  CHECK(server.authority().find("127.0.0.1:") == 0);

  app::EchoServer other(loop, {});
  const auto taken = other.listen({.host = "127.0.0.1", .port = server.url().port});
  REQUIRE(!taken.ok());
  CHECK(taken.error().kind == base::ErrorKind::io);
  const auto name = other.listen({.host = "example.com", .port = 0});
  REQUIRE(!name.ok());
  CHECK(name.error().kind == base::ErrorKind::usage);
  CHECK(name.error().message == "example.com: not an IP address");
  CHECK(!other.listen({.host = "", .port = server.url().port}).ok());
}
