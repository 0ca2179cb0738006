#include "link/server.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serving.h"
#include "unit/report/reports.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::run_until;
using test::Served;
using test::Visitor;
using Lines = std::vector<std::string>;

namespace {

/// A server that notes, and reports if that is wanted.
struct Fixture {
  explicit Fixture(link::Server::Options options = {}) : served(loop, std::move(options), notes) {
    notes.server = &served.server;
  }
  Fixture(link::Server::Options options, const report::Reporting& reporting)
      : reports(std::in_place, loop.poller, reporting, test::Reports::Scope::many),
        served(loop, std::move(options), notes, &**reports) {
    notes.server = &served.server;
  }

  [[nodiscard]] link::Server* operator->() noexcept { return &served.server; }
  void wait_for_notes(std::size_t count) {
    CHECK(run_until(loop.poller, [&] { return notes.lines.size() >= count; }));
  }

  link::Loop loop;
  test::Notes notes;
  std::optional<test::Reports> reports;
  Served served;
};

report::Reporting reporting(streams::OutputFormat format, report::Verbosity verbosity = report::Verbosity::normal) {
  report::Reporting made;
  made.format = format;
  made.verbosity = verbosity;
  return made;
}

link::Server::Options admitting(link::Admission admission) { return {.admission = std::move(admission)}; }

int status_of(Fixture& fixture, const std::string& target, const ws::ConnectOptions& request = {}) {
  return Visitor(fixture.served, target, request).answer.status;
}

const std::string page_request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace

// --- where it listens

TEST_CASE("it listens on this machine, on both families where there are two") {
  Fixture fixture;
  const net::SocketAddress address = fixture->address();
  CHECK(fixture->url().text() == "ws://" + address.text() + "/");
  CHECK(address.port() != 0);
  CHECK(!fixture->finished());
  const net::UniqueFd probe(::socket(AF_INET6, SOCK_STREAM, 0));
  const auto loopback = net::SocketAddress::from_numeric("::1", address.port()).value();
  const auto any_port = net::SocketAddress::from_numeric("::1", 0).value();
  if (!probe.valid() || ::bind(probe.get(), any_port.data(), any_port.size()) != 0) return;
  auto socket = net::start_connect(loopback);
  REQUIRE(socket.ok());
  REQUIRE(test::wait_for(socket->get(), POLLOUT));
  CHECK(net::connect_result(socket->get()).ok());
}

TEST_CASE("it listens on the address it is given") {
  link::Loop loop;
  test::Notes notes;
  link::Server server(loop, {}, notes, nullptr);
  CHECK(notes.begins == 1);
  CHECK(server.finished());
  REQUIRE(server.listen({.host = "127.0.0.1", .port = 0}).ok());
  CHECK(server.address().host_text() == "127.0.0.1");
  CHECK(!server.finished());
}

TEST_CASE("where it cannot listen it says why, and is finished") {
  const auto error_at = [](const link::ListenAddress& address) {
    link::Loop loop;
    test::Notes notes;
    link::Server server(loop, {}, notes, nullptr);
    auto listening = server.listen(address);
    REQUIRE(!listening.ok());
    CHECK(server.finished());
    return std::move(listening).error();
  };
  const net::UniqueFd taken = test::listen_anywhere();
  const std::uint16_t port = net::local_address(taken.get()).port();
  for (const char* host : {"127.0.0.1", ""}) {
    const base::Error error = error_at({host, port});
    CHECK(error.kind == base::ErrorKind::io);
    CHECK(error.message == "127.0.0.1:" + std::to_string(port) + ": address already in use");
  }
  const base::Error elsewhere = error_at({"192.0.2.1", 0});
  CHECK(elsewhere.kind == base::ErrorKind::io);
  CHECK(elsewhere.message.find("192.0.2.1:0: ") == 0);
  const base::Error name = error_at({"example.com", 0});
  CHECK(name.kind == base::ErrorKind::usage);
  CHECK(name.message == "example.com: not an IP address");
}

// --- who is let in

TEST_CASE("the service hears of those who are let in, from open to gone, by their numbers") {
  Fixture fixture;
  Visitor one(fixture.served);
  Visitor two(fixture.served);
  two.say("hello");
  fixture.wait_for_notes(3);
  CHECK(one.close());
  CHECK(two.close());
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.notes.lines == Lines{"open 1", "open 2", "message 2 hello", "gone 1", "gone 2"});
  CHECK(fixture.notes.progress > 0);
  CHECK(!fixture->finished());
  CHECK(!fixture->ending());
}

TEST_CASE("those who are not let in get an answer, and the service hears nothing of them") {
  link::Admission admission;
  admission.path = "/chat";
  admission.max_clients = 1;
  admission.credentials = http::Credentials{"user", "word"};
  link::Server::Options options = admitting(admission);
  options.guard = {link::GuardOptions::Scope::full, {"https://here"}, {}, false};
  Fixture fixture(options);
  ws::ConnectOptions request;
  CHECK(status_of(fixture, "/other", request) == 403);
  request.origin = "https://there";
  CHECK(status_of(fixture, "/other", request) == 403);
  request.origin = "https://here";
  CHECK(status_of(fixture, "/other", request) == 404);
  CHECK(status_of(fixture, "/chat", request) == 401);
  request.headers.add("Authorization", http::write_basic_credentials(*admission.credentials));
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.notes.lines.empty());
  const Visitor one(fixture.served, "/chat", request);
  CHECK(one.answer.status == 101);
  CHECK(status_of(fixture, "/chat", request) == 503);
  CHECK(fixture.notes.lines.front() == "open 5");
}

TEST_CASE("a refusal says what is wanted") {
  link::Admission admission;
  admission.credentials = http::Credentials{"user", "word"};
  Fixture fixture(admitting(admission));
  const std::string answer = fixture.served.answer_to(test::upgrade_request);
  CHECK(answer.find("HTTP/1.1 401 Unauthorized\r\n") == 0);
  CHECK(answer.find("\r\nWWW-Authenticate: Basic realm=\"wscope\"") != std::string::npos);
  CHECK(answer.find("\r\n\r\ncredentials are needed\n") != std::string::npos);
}

TEST_CASE("subprotocols are chosen by its own preference, and its headers are in the answer") {
  link::Admission admission;
  admission.subprotocols = {"two", "one"};
  admission.headers.add("X-Served-By", "me");
  Fixture fixture(admitting(admission));
  ws::ConnectOptions request;
  request.subprotocols = {"one", "two", "three"};
  const Visitor client(fixture.served, "/", request);
  CHECK(client.connection().subprotocol() == "two");
  REQUIRE(client.answer.headers.find("X-Served-By") != nullptr);
  CHECK(*client.answer.headers.find("X-Served-By") == "me");
  CHECK(Visitor(fixture.served).connection().subprotocol().empty());
}

TEST_CASE("no more clients than were asked for are let in at once") {
  link::Admission admission;
  admission.max_clients = 2;
  Fixture fixture(admitting(admission));
  const net::UniqueFd waits = fixture.served.connect_and_say("GET");  // who has not asked yet does not count
  auto one = std::make_unique<Visitor>(fixture.served);
  const Visitor two(fixture.served);
  CHECK(status_of(fixture, "/") == 503);
  CHECK(fixture.served.answer_to(test::upgrade_request).find("there are too many clients\n") != std::string::npos);
  CHECK(one->close());
  one.reset();
  CHECK(run_until(fixture.loop.poller, [&] { return fixture.notes.lines.back() == "gone 2"; }));
  CHECK(status_of(fixture, "/") == 101);
}

TEST_CASE("nobody is let in where there may be no clients") {
  link::Admission admission;
  admission.max_clients = 0;
  Fixture fixture(admitting(admission));
  CHECK(status_of(fixture, "/") == 503);
}

TEST_CASE("a browser gets a page, and everybody else the answer of HTTP") {
  Fixture fixture;
  const std::string page = fixture.served.answer_to(page_request);
  CHECK(page.find("HTTP/1.1 200 OK\r\n") == 0);
  CHECK(page.find("\r\nContent-Type: text/html") != std::string::npos);
  CHECK(page.find("new WebSocket(") != std::string::npos);
  CHECK(fixture.served.answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").find("HTTP/1.1 405 ") == 0);
  CHECK(fixture.served.answer_to("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") == page.substr(0, page.find("\r\n\r\n") + 4));
  CHECK(fixture.served.answer_to("SSH-2.0-client\r\n\r\n").find("HTTP/1.1 400 ") == 0);
  CHECK(fixture.served.answer_to("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n").find("HTTP/1.1 426 ") == 0);
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.notes.lines.empty());

  link::Admission admission;
  admission.path = "/chat";
  Fixture other(admitting(admission));
  CHECK(other.served.answer_to(page_request).find("HTTP/1.1 404 ") == 0);
}

TEST_CASE("a client that asks for nothing is let go in time") {
  link::Server::Options options;
  options.timeouts.handshake = 1ms;
  Fixture fixture(options);
  const net::UniqueFd client = fixture.served.connect_and_say("GET");
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture.notes.lines.empty());
}

TEST_CASE("heads, messages and compression are what was asked for") {
  link::Server::Options options;
  options.compression = false;
  options.limits.head = 400;
  options.limits.message = 10;
  Fixture fixture(options);
  ws::ConnectOptions request;
  Visitor client(fixture.served, "/", request);
  CHECK(client.answer.status == 101);
  CHECK(client.connection().extensions().empty());
  client.say("01234567890");
  CHECK(client.run_to_end());
  CHECK(client.connection().closing().received->code == ws::close_code::message_too_big);
  request.headers.add("X-Long", std::string(400, 'x'));
  CHECK(status_of(fixture, "/", request) == 431);
}

TEST_CASE("messages come whole if that is wanted, and else in pieces if they are long") {
  for (const bool whole : {false, true}) {
    CAPTURE(whole);
    Fixture fixture({.whole = whole});
    Visitor client(fixture.served);
    client.say("short");
    client.say(std::string(300'000, 'x'));
    CHECK(client.close());
    CHECK(fixture.served.run_until_empty());
    Lines& lines = fixture.notes.lines;
    REQUIRE(lines.size() >= 4);
    CHECK(lines[1] == "message 1 short");
    CHECK((lines.size() == 4) == whole);
    CHECK((lines[lines.size() - 2] == "message 1 (the end)") == !whole);
  }
}

// --- one client and then the end

TEST_CASE("with once, it listens until the first client is let in") {
  link::Admission admission;
  admission.path = "/chat";
  Fixture fixture({.admission = admission, .once = true});
  CHECK(status_of(fixture, "/") == 404);
  CHECK(fixture.served.run_until_empty());
  CHECK(!fixture->finished());
  Visitor client(fixture.served, "/chat");
  CHECK(client.owner.opened);
  const auto late = net::start_connect(net::SocketAddress::from_numeric("127.0.0.1", fixture.served.url.port).value());
  CHECK((!late.ok() || (test::wait_for(late->get(), POLLOUT) && !net::connect_result(late->get()).ok())));
  CHECK(!fixture->finished());
  CHECK(client.close());
  CHECK(run_until(fixture.loop.poller, [&] { return fixture->finished(); }));
}

TEST_CASE("with once, nobody who came early is let in beside the first, nor after it") {
  Fixture fixture({.once = true});
  const net::UniqueFd one = fixture.served.connect_and_say("GET");
  const net::UniqueFd two = fixture.served.connect_and_say("GET");
  Visitor client(fixture.served);
  test::say(one, test::upgrade_request.substr(3));
  std::string heard;
  CHECK(
      run_until(fixture.loop.poller, [&] { return (heard += test::hear(one)).find("\r\n\r\n") != std::string::npos; }));
  CHECK(heard.find("HTTP/1.1 503 ") == 0);
  CHECK(client.close());
  CHECK(run_until(fixture.loop.poller, [&] { return fixture.notes.lines.back() == "gone 3"; }));
  CHECK(test::comes_to_rest(fixture.loop.poller));
  CHECK(fixture->finished());
}

TEST_CASE("with once, the end of the one client is judged") {
  Fixture fixture({.once = true});
  auto client = std::make_unique<Visitor>(fixture.served);
  std::optional<base::ErrorKind> wanted;
  SUBCASE("a good end") { CHECK(client->close()); }
  SUBCASE("a Close with another code") {
    CHECK(client->close(ws::close_code::internal_error));
    wanted = base::ErrorKind::closed;
  }
  SUBCASE("no Close") {
    client.reset();
    wanted = base::ErrorKind::lost;
  }
  CHECK(run_until(fixture.loop.poller, [&] { return fixture->finished(); }));
  CHECK(fixture->ending().has_value() == wanted.has_value());
  if (wanted) CHECK(fixture->ending()->kind == *wanted);
}

TEST_CASE("with once, a violation is the end that counts") {
  Fixture fixture({.once = true});
  net::UniqueFd client = fixture.served.connect_by_hand();
  test::say(client, test::frame(0x81, "not masked"));
  CHECK(run_until(fixture.loop.poller, [&] { return fixture->ending().has_value(); }));
  client.reset();
  CHECK(run_until(fixture.loop.poller, [&] { return fixture->finished(); }));
  CHECK(fixture->ending()->message == "the peer broke the protocol: unmasked text frame from a client; we sent 1002");
}

TEST_CASE("without once no end is judged") {
  Fixture fixture;
  net::UniqueFd client = fixture.served.connect_by_hand();
  test::say(client, test::frame(0x81, "not masked"));
  client.reset();
  CHECK(fixture.served.run_until_empty());
  CHECK(!fixture->ending());
}

// --- sending to all, holding, shutting down

TEST_CASE("a message is sent to all who are open, but for one") {
  Fixture fixture;
  const net::UniqueFd half_open = fixture.served.connect_and_say("GET");
  Visitor one(fixture.served);
  Visitor two(fixture.served);
  const link::Client* first = fixture->clients().at(2).get();
  fixture->send_to_all({.payload = base::as_bytes("to two")}, first);
  fixture->send_to_all({.payload = base::as_bytes("to both")}, nullptr);
  CHECK(one.next().text == "to both");
  CHECK(two.next().text == "to two");
  CHECK(two.next().text == "to both");
  CHECK(test::hear(half_open).empty());
}

TEST_CASE("a slow client is told of, and stops nobody else") {
  const std::string message(200'000, 'x');
  for (const link::SlowClient slow : {link::SlowClient::close, link::SlowClient::drop}) {
    const bool drops = slow == link::SlowClient::drop;
    Fixture fixture({.slow = slow}, {});
    const net::UniqueFd lazy = fixture.served.connect_by_hand();
    Visitor busy(fixture.served);
    std::string said;
    for (int sent = 0; said.empty(); ++sent) {
      REQUIRE(sent < 500);
      fixture->send_to_all({.payload = base::as_bytes(message)}, nullptr);
      CHECK(busy.next().text.size() == message.size());
      said = fixture.reports->err();
    }
    CHECK(said == (drops ? "wscope: client 1: reads too slowly: messages are left out\n"
                         : "wscope: client 1: reads too slowly: closed\n"));
    fixture->send_to_all({.payload = base::as_bytes(message)}, nullptr);
    busy.next();
    CHECK(fixture.reports->err().empty());  // once is enough
    CHECK(run_until(fixture.loop.poller, [&] {
      static_cast<void>(test::hear(lazy));
      return fixture->clients().at(1)->connection().output().empty();
    }));
    fixture->send_to_all({.payload = base::as_bytes("again")}, nullptr);
    CHECK(fixture.reports->err() == (drops ? "wscope: client 1: keeps up again\n" : ""));
    CHECK(fixture->clients().at(1)->is_open() == drops);
  }
}

TEST_CASE("nobody is read from while it is held, nor who comes then") {
  Fixture fixture;
  Visitor one(fixture.served);
  fixture->hold(true);
  fixture->hold(true);
  one.say("first");
  const net::UniqueFd two = fixture.served.connect_and_say(test::upgrade_request);
  CHECK(test::comes_to_rest(fixture.loop.poller));
  CHECK(fixture.notes.lines == Lines{"open 1"});
  fixture->hold(false);
  fixture.wait_for_notes(3);
  CHECK(std::count(fixture.notes.lines.begin(), fixture.notes.lines.end(), "message 1 first") == 1);
  CHECK(std::count(fixture.notes.lines.begin(), fixture.notes.lines.end(), "open 2") == 1);
}

TEST_CASE("it holds its clients while stdout has no room, however much a read makes") {
  constexpr std::size_t count = 40;
  for (const bool compress : {false, true}) {
    CAPTURE(compress);
    Fixture fixture({.whole = true}, reporting(streams::OutputFormat::json));
    const Visitor client(fixture.served);
    const std::string message(500'000, 'x');
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(client.connection().send({.payload = base::as_bytes(message), .compress = compress}) == ws::Status::ok);
      if (client.peer->has_room()) continue;  // what is compressed goes out at once
      client.peer->flush();
      test::settle(fixture.loop.poller);
      if (!client.peer->has_room()) break;
    }
    client.peer->flush();
    CHECK(test::comes_to_rest(fixture.loop.poller));
    CHECK((*fixture.reports)->output().full());
    CHECK(fixture.notes.lines.size() < 5);
  }
}

TEST_CASE("shutting down says going away to all and lets nobody else in") {
  Fixture fixture;
  Visitor open(fixture.served);
  const net::UniqueFd half_open = fixture.served.connect_and_say("GET / HT");
  Visitor other(fixture.served);
  fixture->shut_down();
  CHECK(!fixture->finished());
  CHECK(open.run_to_end());
  CHECK(other.run_to_end());
  CHECK(open.connection().closing().code() == ws::close_code::going_away);
  CHECK(open.connection().closing().clean());
  CHECK(fixture.served.run_until_empty());
  CHECK(fixture->finished());
  CHECK(fixture.notes.lines.size() == 4);
  CHECK(test::comes_to_rest(fixture.loop.poller));
}

// --- what it reports

TEST_CASE("a life is reported in its order, that of others is not") {
  Fixture fixture({.whole = true}, reporting(streams::OutputFormat::json));
  {
    Visitor client(fixture.served, "/room?a=1");
    CHECK(client.connection().send_ping(client.peer->now(), base::as_bytes("p")) == ws::Status::ok);
    client.say("hello");
    CHECK(client.close());
  }
  CHECK(fixture.served.answer_to(page_request).find("HTTP/1.1 200 ") == 0);
  CHECK(fixture.served.run_until_empty());
  const std::string out = fixture.reports->out();
  CHECK(test::outline(out) == Lines{"open 1", "ping 1 in", "text 1 in", "close 1 in", "closed 1"});
  const std::string open = test::events_in(out).front();
  CHECK(open.find("\"url\":\"ws://" + fixture.served.url.authority() + "/room?a=1\"") != std::string::npos);
  CHECK(open.find(R"("status":101,"headers":[["Host",)") != std::string::npos);
  CHECK(open.find(R"("peer":"127.0.0.1:)") != std::string::npos);
  CHECK(fixture.reports->err().empty());
}

TEST_CASE("a violation is reported before the end") {
  Fixture fixture({.whole = true}, reporting(streams::OutputFormat::json));
  net::UniqueFd client = fixture.served.connect_by_hand();
  test::say(client, test::frame(0x81, "not masked"));
  CHECK(test::comes_to_rest(fixture.loop.poller));
  client.reset();
  CHECK(fixture.served.run_until_empty());
  CHECK(test::outline(fixture.reports->out()) == Lines{"open 1", "fail 1", "closed 1"});
}

TEST_CASE("messages are left to the service unless they are events") {
  Fixture fixture({}, reporting(streams::OutputFormat::lines));
  Visitor client(fixture.served);
  client.say("hello");
  fixture.wait_for_notes(2);
  CHECK(fixture.reports->out().empty());
  CHECK(fixture.reports->err().empty());
}

TEST_CASE("a person can follow who comes and goes") {
  Fixture fixture({}, reporting(streams::OutputFormat::lines, report::Verbosity::verbose));
  {
    Visitor client(fixture.served);
    CHECK(client.close());
  }
  static_cast<void>(fixture.served.answer_to("SSH-2.0-client\r\n\r\n"));
  CHECK(fixture.served.run_until_empty());
  const std::string said = fixture.reports->err();
  CHECK(said.find("* client 1: connected from 127.0.0.1:") == 0);
  for (const std::string part : {"\n< GET / HTTP/1.1\n", "\n> HTTP/1.1 101 Switching Protocols\n", "\n* client 1: open",
                                 "\n* client 1: closed: received 1000 (OK); then sent 1000 (OK)\n",
                                 "\n* client 2: connected", "\n* client 2: no upgrade: "}) {
    CAPTURE(part);
    CHECK(said.find(part) != std::string::npos);
  }
  CHECK(said.find("client 2: closed") == std::string::npos);
}
