// Each timeout after an hour in which nobody has told the connection what time it is.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::Status;
using namespace std::chrono_literals;

constexpr base::TimePoint later = start + 1h;
constexpr std::string_view close_1000 = "\x03\xe8";

ws::Options timed(Role role) {
  ws::Options options = options_for(role);
  options.open_timeout = 2h;
  options.close_timeout = 10s;
  return options;
}

// It is over ten seconds after `later`, and not before.
void check_close_timeout(Endpoint& endpoint, const std::string& code) {
  CHECK(endpoint->deadline() == later + 10s);
  endpoint.advance(later + 10s - 1ns);
  CHECK_FALSE(endpoint->timed_out());
  endpoint.advance(later + 10s);
  CHECK(endpoint->timed_out());
  CHECK(endpoint.story().back() == Seen{"Closed", code + " timed out"});
}

TEST_CASE("after an hour of silence our Close has close_timeout for its answer") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint answered(timed(role), std::nullopt);
    CHECK(answered->close(later) == Status::ok);
    answered.advance(later + 9s);
    CHECK_FALSE(answered->timed_out());
    answered.wait_until(later + 9s);
    answered.receive_frame(0x88, close_1000);
    answered.receive_eof();
    CHECK(answered.story() == Story{{"Close", "1000 "}, {"Closed", "1000"}});
    CHECK(answered->closing().clean());

    Endpoint ignored(timed(role), std::nullopt);
    CHECK(ignored->close(later) == Status::ok);
    check_close_timeout(ignored, "1006");

    Endpoint failed(timed(role), std::nullopt);
    CHECK(failed->fail(later, ws::close_code::policy_violation) == Status::ok);
    check_close_timeout(failed, "1006");
  }
}

TEST_CASE("after an hour of silence the end of the stream is waited for as long as ever") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint closed(timed(role), std::nullopt);
    closed.wait_until(later);
    closed.receive_frame(0x88, close_1000);
    check_close_timeout(closed, "1000");

    Endpoint broken(timed(role), std::nullopt);
    broken.wait_until(later);
    broken.receive_frame(0x83, "");
    check_close_timeout(broken, "1006");

    ws::Options by_hand = timed(role);
    by_hand.auto_close = false;
    Endpoint left(by_hand, std::nullopt);
    left.wait_until(later);
    left.receive_frame(0x88, close_1000);
    check_close_timeout(left, "1000");
  }
}

TEST_CASE("after an hour of silence an owner has as long as for a closing to write what is left") {
  Endpoint open(timed(Role::server), std::nullopt);
  CHECK(open->send_text("x") == Status::ok);
  open->receive_eof(later);
  open->receive_eof(later + 1h);  // is no news
  CHECK(open->deadline() == later + 10s);

  Endpoint asked(timed(Role::server));
  asked.receive(sample_request);
  asked->receive_eof(start);
  CHECK(asked->accept(later) == Status::ok);
  CHECK(asked->deadline() == later + 10s);
}

TEST_CASE("after an hour of silence a refusal has close_timeout, and so has what is no request") {
  const std::function<void(Endpoint&)> refusals[] = {
      [](Endpoint& server) { CHECK(server->reject(later, 403) == Status::ok); },
      [](Endpoint& server) {
        CHECK(server->reject(start + 1min, 403, {}, {}, false) == Status::ok);
        CHECK(server->reject_data(later, base::as_bytes("x"), true) == Status::ok);
      }};
  for (const auto& refuse : refusals) {
    Endpoint server(timed(Role::server));
    server.receive(sample_request);
    refuse(server);
    check_close_timeout(server, "1006");
  }
  Endpoint server(timed(Role::server));
  server.wait_until(later);
  server.receive("Hello\r\n\r\n");
  check_close_timeout(server, "1006");

  Endpoint client(timed(Role::client), std::string(sample_nonce));
  client.connect();
  client.wait_until(later);
  client.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  check_close_timeout(client, "1006");
}

TEST_CASE("a handshake that begins late has open_timeout, and not more") {
  FixedRandom random("x");
  ws::Options options = timed(Role::client);
  options.open_timeout = 10s;
  for (const Role role : both_roles) {
    options.role = role;
    ws::Connection connection(options, random, later);
    CHECK(connection.deadline() == later + 10s);
  }
}

TEST_CASE("the first Ping of a connection that took an hour to open is due after ping_interval") {
  ws::Options options = timed(Role::server);
  options.ping_interval = 20s;
  options.ping_timeout = 8s;
  Endpoint server(options);
  server.receive(sample_request);
  CHECK(server->accept(later) == Status::ok);
  CHECK(server->deadline() == later + 20s);

  options.role = Role::client;
  Endpoint client(options, std::string(sample_nonce));
  client.connect();
  client.wait_until(later);
  client.receive(sample_response);
  CHECK(client->deadline() == later + 20s);
}

TEST_CASE("after an hour in which nobody looked one Ping is sent, and has ping_timeout for its answer") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    ws::Options options = timed(role);
    options.ping_interval = 20s;
    options.ping_timeout = 8s;
    Endpoint endpoint(options, std::nullopt);
    endpoint.advance(later);
    CHECK(control_frames(endpoint.take_output()).size() == 1);
    CHECK(endpoint->deadline() == later + 8s);
    endpoint->excuse_silence(later + 1h);
    CHECK(endpoint->deadline() == later + 20s);
    endpoint.advance(later + 1h);
    CHECK(endpoint.story().empty());
  }
}

TEST_CASE("a Ping that is sent after an hour of silence tells how long its answer took") {
  Endpoint endpoint(Role::client);
  CHECK(endpoint->send_ping(later, base::as_bytes("p")) == Status::ok);
  std::string pong = make_frame(Role::server, 0x8a, "p");
  CHECK(endpoint->receive(std::as_writable_bytes(std::span(pong))) == Status::ok);
  const auto event = endpoint->next_event(later + 3s);
  REQUIRE(event);
  CHECK(std::get<ws::Pong>(*event).round_trip == 3s);
}

}  // namespace
}  // namespace wscope::test
