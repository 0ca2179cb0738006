#include "link/outgoing_connection.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/echo.h"
#include "serving.h"
#include "unit/report/reports.h"

using namespace wscope;
using test::hear;
using test::run_until;
using test::say;

namespace {

const std::string opened =
    "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n";

/// A connection, and what its owner hears.
struct Fixture final : link::OutgoingConnectionOwner {
  explicit Fixture(std::uint16_t to_port) : port(to_port) {
    command.endpoint.url.host = "127.0.0.1";
    command.endpoint.url.port = port;
    command.endpoint.url.target = "/a";
    command.compression.reset();
  }
  void start() {
    reports.emplace(loop.poller, reporting);
    connection.emplace(loop, command, link::Delivery::whole, 1, **reports, *this);
    connection->start(command.endpoint.url, false);
  }
  bool run_to_end() {
    return run_until(loop.poller, [&] { return ends > 0; });
  }

  void handle_message(const ws::Message& message) override { messages.emplace_back(message.text()); }
  void handle_progress() override {
    if (connection->is_open() && !greeted) {
      greeted = connection->peer()->connection().send_text("hi") == ws::Status::ok;
      connection->peer()->flush();
    }
  }
  void handle_restart() override {
    ++restarts;
    greeted = false;
  }
  void handle_end() override { ++ends; }

  link::Loop loop;
  std::uint16_t port;
  link::ConnectPlan command;
  report::Reporting reporting;
  std::optional<test::Reports> reports;
  std::optional<link::OutgoingConnection> connection;
  std::vector<std::string> messages;
  bool greeted = false;
  int restarts = 0;
  int ends = 0;
};

/// A server made by hand: one connection after the other.
struct Hand {
  [[nodiscard]] std::uint16_t port() const { return net::local_address(listener.get()).port(); }

  /// Takes the next connection and its request.
  net::UniqueFd take(Fixture& from) {
    net::UniqueFd socket;
    REQUIRE(run_until(from.loop.poller, [&] {
      socket = net::accept_connection(listener.get()).fd;
      return socket.valid();
    }));
    request.clear();
    REQUIRE(
        run_until(from.loop.poller, [&] { return (request += hear(socket)).find("\r\n\r\n") != std::string::npos; }));
    return socket;
  }
  void open(const net::UniqueFd& socket, const std::string& fields = "") const {
    std::string answer = opened;
    answer.insert(answer.size() - 2, fields);
    const std::string name = "Sec-WebSocket-Key: ";
    const std::string accept = ws::accept_value(request.substr(request.find(name) + name.size(), 24));
    say(socket, answer.replace(answer.find("ACCEPT"), 6, accept));
  }

  net::UniqueFd listener = test::listen_anywhere();
  std::string request;
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("it opens, talks and closes") {
  Fixture client(0);
  link::Echo echo(client.loop, {}, {});
  test::Served served(client.loop, {}, echo);
  client.command.endpoint.url.port = served.url.port;
  client.start();
  CHECK(client.connection->peer() == nullptr);
  CHECK_FALSE(client.connection->is_open());
  REQUIRE(run_until(client.loop.poller, [&] { return client.messages.size() == 1; }));
  CHECK(client.messages.front() == "hi");
  client.connection->close(ws::close_code::normal);
  client.connection->peer()->flush();
  CHECK(client.run_to_end());
  CHECK_FALSE(client.connection->failure().has_value());
  CHECK_FALSE(client.connection->judge().has_value());
  CHECK(client.restarts == 0);
}

TEST_CASE("who does not listen is a failure, and no loop is needed to know what cannot begin") {
  Fixture client(Hand().port());
  client.start();
  CHECK(client.run_to_end());
  REQUIRE(client.connection->failure().has_value());
  CHECK(client.connection->failure()->kind == base::ErrorKind::connect);
  CHECK(client.connection->failure()->message ==
        "ws://127.0.0.1:" + std::to_string(client.port) + "/a: connection refused");
  Fixture secure(1);
  secure.command.endpoint.url.secure = true;
  secure.command.tls.ca_file = "/nowhere/at all";
  secure.start();
  CHECK(secure.ends == 1);
  CHECK(secure.connection->failure()->kind == base::ErrorKind::io);
}

TEST_CASE("it tries again as often as it may, and says why") {
  Fixture client(Hand().port());
  client.command.reconnect.emplace().attempts = 1;
  client.start();
  CHECK(client.run_to_end());
  CHECK(client.restarts == 1);
  CHECK(client.connection->failure()->kind == base::ErrorKind::connect);
  const std::string said = client.reports->err();
  CHECK(holds(said, ": connection refused; trying again in 0."));
  CHECK(said.find("trying") == said.rfind("trying"));
}

TEST_CASE("a connection that is lost is made again, one that is closed is not") {
  Hand hand;
  Fixture client(hand.port());
  client.command.reconnect.emplace();
  client.start();
  {
    const net::UniqueFd socket = hand.take(client);
    hand.open(socket);
    REQUIRE(run_until(client.loop.poller, [&] { return client.greeted; }));
  }
  {
    const net::UniqueFd again = hand.take(client);
    CHECK(client.restarts == 1);
    CHECK(holds(client.reports->err(), "connection lost"));
    hand.open(again);
    REQUIRE(run_until(client.loop.poller, [&] { return client.greeted; }));
    say(again, std::string_view("\x88\x02\x03\xe8", 4));
  }
  CHECK(client.run_to_end());
  CHECK(client.restarts == 1);
  CHECK_FALSE(client.connection->judge().has_value());
}

TEST_CASE("a redirection is followed, with secrets only to the same origin") {
  Hand hand;
  Hand other;
  Fixture client(hand.port());
  client.command.redirects = 2;
  client.command.request.headers.add("Cookie", "a=b");
  client.start();
  const net::UniqueFd first = hand.take(client);
  CHECK(holds(hand.request, "GET /a HTTP/1.1\r\n"));
  CHECK(holds(hand.request, "Cookie: a=b"));
  say(first, "HTTP/1.1 302 x\r\nLocation: b\r\nContent-Length: 2\r\n\r\nno");
  const net::UniqueFd second = hand.take(client);
  CHECK(holds(hand.request, "GET /b HTTP/1.1\r\n"));
  CHECK(holds(hand.request, "Cookie: a=b"));
  say(second, "HTTP/1.1 307 x\r\nLocation: http://127.0.0.1:" + std::to_string(other.port()) +
                  "/c\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd third = other.take(client);
  CHECK(holds(other.request, "GET /c HTTP/1.1\r\n"));
  CHECK_FALSE(holds(other.request, "Cookie"));
  say(third, "HTTP/1.1 302 x\r\nLocation: /d\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.run_to_end());
  CHECK(client.connection->failure()->message ==
        "ws://127.0.0.1:" + std::to_string(other.port()) + "/c: more than 2 redirections (--max-redirects)");
  CHECK_FALSE(client.connection->refusal().has_value());
}

TEST_CASE("a cookie that a redirection sets goes along, to its own origin alone") {
  Hand hand;
  Hand other;
  Fixture client(hand.port());
  client.command.redirects = 2;
  client.command.request.headers = {{"Cookie", "a=1; b=2"}};
  client.command.cookies.add_file("127.0.0.1\tFALSE\t/\tFALSE\t0\tfile\tx\n");
  client.start();
  const net::UniqueFd first = hand.take(client);
  CHECK(holds(hand.request, "Cookie: a=1; b=2; file=x\r\n"));
  say(first,
      "HTTP/1.1 302 x\r\nSet-Cookie: a=9; Path=/; HttpOnly\r\nSet-Cookie: b=; Path=/; Max-Age=0\r\n"
      "Set-Cookie: c=3; Domain=example.com\r\nLocation: b\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd second = hand.take(client);
  CHECK(holds(hand.request, "Cookie: file=x; a=9\r\n"));
  say(second, "HTTP/1.1 307 x\r\nSet-Cookie: d=4; Path=/\r\nLocation: http://127.0.0.1:" +
                  std::to_string(other.port()) + "/c\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd third = other.take(client);
  CHECK(holds(other.request, "Cookie: file=x\r\n"));  // whose rules know no ports
  say(third, "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.run_to_end());
}

TEST_CASE("a connection that is made again begins with the cookies that it began with") {
  Hand hand;
  Fixture client(hand.port());
  client.command.redirects = 1;
  client.command.reconnect.emplace();
  client.start();
  const net::UniqueFd first = hand.take(client);
  say(first, "HTTP/1.1 302 x\r\nSet-Cookie: a=1\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd second = hand.take(client);
  CHECK(holds(hand.request, "Cookie: a=1\r\n"));
  say(second, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd third = hand.take(client);
  CHECK(holds(hand.request, "GET /a HTTP/1.1\r\n"));
  CHECK_FALSE(holds(hand.request, "Cookie"));
  say(third, "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.run_to_end());
}

TEST_CASE("extensions that a header offers are negotiated") {
  Hand hand;
  Fixture client(hand.port());
  client.command.request.headers = {
      {"Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover, permessage-deflate"}};
  client.command.compression = ws::DeflateParameters{.server_no_context_takeover = true};
  client.command.further_compression = {{}};
  client.start();
  const net::UniqueFd peer = hand.take(client);
  CHECK(holds(hand.request,
              "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover, permessage-deflate\r\n"));
  hand.open(peer, "Sec-WebSocket-Extensions: permessage-deflate\r\n");  // the answer to the second offer
  REQUIRE(run_until(client.loop.poller, [&] { return client.greeted; }));
  CHECK(client.connection->peer()->connection().extensions() == "permessage-deflate");
  say(peer, std::string_view("\x88\x02\x03\xe8", 4));
  CHECK(client.run_to_end());
}

TEST_CASE("a refusal keeps its body, and is tried again only if it may pass") {
  Hand hand;
  Fixture client(hand.port());
  client.command.reconnect.emplace();
  client.start();
  const net::UniqueFd busy = hand.take(client);
  say(busy, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n");
  const net::UniqueFd final = hand.take(client);
  CHECK(client.restarts == 1);
  say(final, "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\ngone\n");
  REQUIRE(run_until(client.loop.poller, [&] { return client.connection->failure().has_value(); }));
  CHECK(client.run_to_end());
  REQUIRE(client.connection->refusal().has_value());
  CHECK(client.connection->refusal()->head->status == 404);
  CHECK(client.connection->refusal()->body == "gone\n");
}
