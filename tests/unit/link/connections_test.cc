#include "link/connections.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "notes.h"
#include "serving.h"

using namespace wscope;
using link::ConnectionNumber;
using link::Use;
using test::Connected;
using test::Strings;
using Numbers = std::vector<ConnectionNumber>;

namespace {

/// What lines go to: "none", "all", "2".
std::string use_of(const Connected& connected) {
  const Use use = connected.connections.use();
  if (use.kind == Use::Kind::one) return std::to_string(use.connection);
  return use.kind == Use::Kind::all ? "all" : "none";
}

/// A client made by hand, which never reads.
net::UniqueFd visitor(std::uint16_t port) {
  auto socket = net::start_connect(net::SocketAddress::from_numeric("127.0.0.1", port).value());
  REQUIRE(socket.ok());
  REQUIRE(test::wait_for(socket->get(), POLLOUT));
  test::say(*socket, test::upgrade_request);
  return std::move(*socket);
}

void say(Connected& connected, ConnectionNumber number, std::string_view text) {
  link::Link* link = connected.connections.find(number);
  REQUIRE(link != nullptr);
  CHECK(link->connection().send_text(text) == ws::Status::ok);
  link->peer().flush();
}

}  // namespace

TEST_CASE("at first there is nothing") {
  Connected connected;
  CHECK(connected.connections.empty());
  CHECK(connected.connections.rows().empty());
  CHECK(connected.connections.targets(connected.connections.use()).empty());
  CHECK(use_of(connected) == "none");
  CHECK(connected.connections.find(1) == nullptr);
  CHECK_FALSE(connected.connections.close(1));
  CHECK_FALSE(connected.connections.stop_listening(1));
  connected.connections.close_all(ws::close_code::normal);
}

TEST_CASE("a connection that is refused is connecting until it is gone") {
  for (const char* answer : {"HTTP/1.1 404 no\r\nContent-Length: 1\r\n\r\n", "SSH-2.0\r\n"}) {
    Connected connected;
    const net::UniqueFd listener = test::listen_anywhere();
    connected.connections.connect(connected.to_port(net::local_address(listener.get()).port()));
    net::UniqueFd hand;
    REQUIRE(connected.turn_until([&] { return (hand = net::accept_connection(listener.get()).fd).valid(); }));
    std::string request;
    REQUIRE(connected.turn_until([&] { return (request += test::hear(hand)).ends_with("\r\n\r\n"); }));
    test::say(hand, answer);
    REQUIRE(connected.turn_until([&] {
      CHECK(connected.connections.is_connecting(1) == connected.ended.empty());
      return !connected.ended.empty();
    }));
    CHECK(connected.opened == 0);
  }
}

TEST_CASE("a connection is connecting, open and gone") {
  Connected connected;
  CHECK(connected.connections.connect(Connected::to_echo()) == 1);
  CHECK(connected.connections.is_connecting(1));
  CHECK_FALSE(connected.connections.is_open(1));
  CHECK(use_of(connected) == "1");
  CHECK(connected.connections.targets(connected.connections.use()).empty());
  REQUIRE(connected.turn_until([&] { return connected.connections.is_open(1); }));
  CHECK(connected.opened == 1);
  CHECK_FALSE(connected.connections.is_connecting(1));
  CHECK(connected.connections.targets(connected.connections.use()) == Numbers{1});
  const auto rows = connected.connections.rows();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].connection == 1);
  CHECK(rows[0].outgoing);
  CHECK(rows[0].state == ws::State::open);
  CHECK(rows[0].url.starts_with("ws://"));
  say(connected, 1, "hi");
  REQUIRE(connected.turn_until_received(1));
  CHECK(connected.received == Strings{"1 hi"});
  CHECK(connected.connections.close(1));
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK(connected.ended == Strings{"1"});
  CHECK(use_of(connected) == "1");
  connected.connections.forget_use();
  CHECK(use_of(connected) == "none");
  CHECK_FALSE(connected.connections.exists(1));
}

TEST_CASE("numbers are never given twice") {
  Connected connected;
  connected.open_echo();
  CHECK(connected.connections.close(1));
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK(connected.open_echo() == 2);
  CHECK(connected.open_echo() == 3);
}

TEST_CASE("a connection that cannot be made ends with the reason") {
  Connected connected;
  std::uint16_t port = 0;
  {
    const net::UniqueFd listener = test::listen_anywhere();
    port = net::local_address(listener.get()).port();
  }
  connected.connections.connect(connected.to_port(port));
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK(connected.ended == Strings{"1 ws://127.0.0.1:" + std::to_string(port) + "/: connection refused"});
  CHECK(connected.opened == 0);
}

TEST_CASE("one that is not open yet is given up") {
  Connected connected;
  const net::UniqueFd silent = test::listen_anywhere();
  connected.connections.connect(connected.to_port(net::local_address(silent.get()).port()));
  CHECK(connected.connections.close(1));
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK(connected.ended == Strings{"1"});
}

TEST_CASE("the latest connection is in use until another one is chosen, or takes its place when it is gone") {
  Connected connected;
  for (int i = 0; i < 3; ++i) connected.open_echo();
  CHECK(use_of(connected) == "3");
  connected.connections.set_use({Use::Kind::one, 1});
  CHECK(use_of(connected) == "1");
  CHECK(connected.connections.targets(connected.connections.use()) == Numbers{1});
  connected.connections.set_use({Use::Kind::all, 0});
  CHECK(connected.connections.targets(connected.connections.use()) == Numbers{1, 2, 3});
  connected.connections.set_use({Use::Kind::one, 2});
  CHECK(connected.connections.close(2));
  REQUIRE(connected.turn_until([&] { return connected.connections.rows().size() == 2; }));
  CHECK(use_of(connected) == "2");
  CHECK(connected.connections.targets(connected.connections.use()).empty());
  connected.connections.forget_use();
  CHECK(use_of(connected) == "none");
  CHECK(connected.connections.gone() == 2);
  connected.connections.set_use({Use::Kind::one, 3});
  CHECK_FALSE(connected.connections.gone());
}

TEST_CASE("a listener is something without any connection, and all its clients are meant") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  CHECK(connected.connections.listening());
  CHECK_FALSE(connected.connections.empty());
  CHECK(use_of(connected) == "all");
  CHECK(connected.connections.ports() == std::vector<std::uint16_t>{port});
  CHECK(connected.connections.listeners() == Strings{"ws://127.0.0.1:" + std::to_string(port) + "/"});
}

TEST_CASE("a client of our own listener is a connection of both sides") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  const ConnectionNumber ours = connected.connections.connect(connected.to_port(port));
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1 && connected.connections.is_open(ours); }));
  const auto rows = connected.connections.rows();
  REQUIRE(rows.size() == 2);
  const ConnectionNumber theirs = rows[0].outgoing ? rows[1].connection : rows[0].connection;
  CHECK(connected.clients == Strings{std::to_string(theirs) + " came"});
  CHECK(theirs != ours);
  CHECK(use_of(connected) == std::to_string(ours));
  say(connected, ours, "to the server");
  say(connected, theirs, "to the client");
  REQUIRE(connected.turn_until_received(2));
  CHECK(std::count(connected.received.begin(), connected.received.end(), std::to_string(theirs) + " to the server") ==
        1);
  CHECK(std::count(connected.received.begin(), connected.received.end(), std::to_string(ours) + " to the client") == 1);
  CHECK(connected.connections.close(theirs));
  REQUIRE(connected.turn_until([&] { return connected.connections.rows().size() == 0; }));
  CHECK(connected.clients.back() == std::to_string(theirs) + " gone");
  CHECK(connected.ended == Strings{std::to_string(ours)});
  connected.connections.forget_use();
  CHECK(use_of(connected) == "none");
}

TEST_CASE("when a client that was in use is gone, nothing is in its place") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  std::vector<net::UniqueFd> visitors;
  for (std::size_t i = 1; i <= 3; ++i) {
    visitors.push_back(visitor(port));
    REQUIRE(connected.turn_until([&] { return connected.clients.size() == i; }));
  }
  connected.connections.set_use({Use::Kind::one, 1});
  visitors[0].reset();
  REQUIRE(connected.turn_until([&] { return !connected.connections.exists(1); }));
  connected.connections.forget_use();
  CHECK(use_of(connected) == "none");
  CHECK(connected.connections.gone() == 1);
}

TEST_CASE("of clients the one that reads fastest is waited for, and one that reads slowly is left out") {
  Connected connected;
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = 0};
  command.slow = link::SlowClient::drop;
  const auto listening = connected.connections.listen(command);
  REQUIRE(listening.ok());
  const net::UniqueFd slow = visitor(listening->port);
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1; }));
  say(connected, 1, std::string(16U << 20U, 'x'));
  const Use all{Use::Kind::all, 0};
  CHECK(connected.connections.is_busy(all));
  CHECK(connected.connections.is_busy({Use::Kind::one, 1}));
  CHECK(connected.connections.may_send(1, 1));  // it is waited for
  const net::UniqueFd other = visitor(listening->port);
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 2; }));
  CHECK_FALSE(connected.connections.is_busy(all));
  CHECK_FALSE(connected.connections.is_busy({Use::Kind::one, 1}));
  CHECK_FALSE(connected.connections.may_send(1, 1));
  CHECK(connected.connections.may_send(2, 1));
  CHECK(connected.connections.is_open(1));
  CHECK(connected.reports.lines.back() == "warn 1 reads too slowly: messages are left out");
}

TEST_CASE("who is not open yet is waited for, alone and among all") {
  Connected connected;
  connected.open_echo();
  const net::UniqueFd silent = test::listen_anywhere();
  connected.connections.connect(connected.to_port(net::local_address(silent.get()).port()));
  CHECK(connected.connections.is_busy({Use::Kind::one, 2}));
  CHECK(connected.connections.is_busy({Use::Kind::all, 0}));
  CHECK_FALSE(connected.connections.is_busy({Use::Kind::one, 1}));
  CHECK_FALSE(connected.connections.is_busy({Use::Kind::one, 3}));
  CHECK_FALSE(connected.connections.is_busy({}));
  connected.connections.close(2);
  CHECK_FALSE(connected.connections.is_busy({Use::Kind::all, 0}));
}

TEST_CASE("a listener may pass messages on, as the command line has it") {
  Connected connected;
  const ConnectionNumber ours =
      connected.connections.connect(connected.to_port(connected.listen(link::ServiceKind::echo)));
  REQUIRE(connected.turn_until([&] { return connected.connections.is_open(ours); }));
  say(connected, ours, "hi");
  REQUIRE(connected.turn_until_received(2));
  CHECK(connected.received[1] == std::to_string(ours) + " hi");
}

TEST_CASE("a listener that stops takes its clients with it, and its port is free again") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  connected.connections.connect(connected.to_port(port));
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1; }));
  CHECK_FALSE(connected.connections.stop_listening(static_cast<std::uint16_t>(port + 1)));
  CHECK(connected.connections.stop_listening(port));
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK_FALSE(connected.connections.listening());
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = port};
  CHECK(connected.connections.listen(command).ok());
}

TEST_CASE("listeners of one port are apart, and stop together") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  const ConnectionNumber ours = connected.connections.connect(connected.to_port(port));
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1 && connected.connections.is_open(ours); }));
  link::ServePlan command;
  command.address = {.host = "127.0.0.2", .port = port};
  REQUIRE(connected.connections.listen(command).ok());
  CHECK(connected.connections.listeners().size() == 2);
  test::settle(connected.loop.poller);
  CHECK(connected.connections.is_open(ours));
  CHECK(connected.connections.stop_listening(port));
  CHECK_FALSE(connected.connections.listening());
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
}

TEST_CASE("a listener that waits for its last client leaves its port to another one") {
  Connected connected;
  const std::uint16_t port = connected.listen();
  const net::UniqueFd silent = visitor(port);
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1; }));
  CHECK(connected.connections.stop_listening(port));
  CHECK_FALSE(connected.connections.listening());
  CHECK(connected.connections.listeners().empty());
  CHECK_FALSE(connected.connections.stop_listening(port));
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = port};
  CHECK(connected.connections.listen(command).ok());
  CHECK(connected.connections.listeners().size() == 1);
  connected.connections.clean_up();
  CHECK(connected.connections.rows().size() == 1);  // the client is still to answer our Close
}

TEST_CASE("what cannot be listened to is an error, and nothing else changes") {
  Connected connected;
  const net::UniqueFd taken = test::listen_anywhere();
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = net::local_address(taken.get()).port()};
  const auto listening = connected.connections.listen(command);
  REQUIRE(!listening.ok());
  CHECK(listening.error().kind == base::ErrorKind::io);
  CHECK(connected.connections.empty());
}

TEST_CASE("all are closed together") {
  Connected connected;
  connected.open_echo();
  connected.open_echo();
  connected.listen();
  connected.connections.close_all(ws::close_code::normal);
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  CHECK(connected.ended.size() == 2);
}

TEST_CASE("while all are held nothing comes") {
  Connected connected;
  connected.open_echo();
  connected.connections.hold(true);
  say(connected, 1, "hi");
  test::settle(connected.loop.poller);
  CHECK(connected.received.empty());
  connected.connections.hold(false);
  REQUIRE(connected.turn_until_received(1));
}

TEST_CASE("it is known whether one is not open yet, and whether something waits to be written") {
  Connected connected;
  CHECK_FALSE(connected.connections.connecting());
  const net::UniqueFd silent = test::listen_anywhere();
  connected.connections.connect(connected.to_port(net::local_address(silent.get()).port()));
  CHECK(connected.connections.connecting());
  connected.connections.close(1);
  CHECK_FALSE(connected.connections.connecting());
  const net::UniqueFd slow = visitor(connected.listen());
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1; }));
  CHECK_FALSE(connected.connections.has_output());
  say(connected, 2, std::string(16U << 20U, 'x'));
  CHECK(connected.connections.has_output());
}

TEST_CASE("what is wrong with the end of a listener's only client is told before it is gone") {
  Connected connected;
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = 0};
  command.once = true;
  const auto listening = connected.connections.listen(command);
  REQUIRE(listening.ok());
  net::UniqueFd only = visitor(listening->port);
  REQUIRE(connected.turn_until([&] { return connected.clients.size() == 1; }));
  only.reset();
  REQUIRE(connected.turn_until([&] { return connected.connections.empty(); }));
  REQUIRE(connected.clients.size() == 3);
  CHECK(connected.clients[1].starts_with("connection lost: "));
  CHECK(connected.clients[2] == "1 gone");
}

TEST_CASE("clients that wait are let in one by one, in their order") {
  Connected connected;
  link::ServePlan plan;
  plan.address = {"127.0.0.1", 0};
  plan.by_hand = true;
  const auto listening = connected.connections.listen(plan);
  REQUIRE(listening.ok());
  CHECK(!connected.connections.let_in(listening->port));
  const ConnectionNumber first = connected.connections.connect(connected.to_port(listening->port));
  const ConnectionNumber second = connected.connections.connect(connected.to_port(listening->port));
  std::optional<ConnectionNumber> client;
  REQUIRE(connected.turn_until([&] { return (client = connected.connections.let_in(listening->port)).has_value(); }));
  REQUIRE(connected.turn_until([&] { return connected.opened == 1; }));
  CHECK(connected.connections.is_open(first) != connected.connections.is_open(second));
  CHECK(connected.clients == Strings{std::to_string(*client) + " came"});
  REQUIRE(connected.turn_until([&] { return connected.connections.let_in(listening->port).has_value(); }));
  REQUIRE(connected.turn_until([&] { return connected.opened == 2; }));
  CHECK(!connected.connections.let_in(listening->port));
}
