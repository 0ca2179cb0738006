// Time: the deadlines of opening and closing, keepalive, and what deadline() promises.
#include <doctest/doctest.h>

#include <chrono>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;
using namespace std::chrono_literals;

ws::Options patient(Role role) {
  ws::Options options = options_for(role);
  options.open_timeout = 10s;
  options.close_timeout = 5s;
  return options;
}

ws::Options lively(Role role) {
  ws::Options options = patient(role);
  options.ping_interval = 20s;
  options.ping_timeout = 8s;
  return options;
}

constexpr std::string_view close_1000 = "\x03\xe8";

TEST_CASE("without timeouts nothing is ever due") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint connecting(options_for(role), std::string(sample_nonce));
    CHECK_FALSE(connecting->deadline());
    Endpoint open(role);
    CHECK_FALSE(open->deadline());
    CHECK(open->send_ping(start) == Status::ok);
    CHECK(open->close(start) == Status::ok);
    CHECK_FALSE(open->deadline());
    open.take_output();
    open.advance(start + 1000h);
    CHECK(open->output().empty());
    CHECK(open.story().empty());
  }
}

TEST_CASE("the opening handshake must be over within open_timeout") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(patient(role), std::string(sample_nonce));
    if (role == Role::client) endpoint.connect();
    CHECK(endpoint->deadline() == start + 10s);
    endpoint.receive(role == Role::client ? "HTTP/1.1 101 " : "GET ");
    endpoint.advance(start + 10s - 1ns);
    CHECK(endpoint.story().empty());
    endpoint.advance(start + 10s);
    CHECK(endpoint.story() == Story{{"HandshakeFailed", "timed_out"}, {"Closed", "1006 timed out"}});
    CHECK(endpoint->state() == State::closed);
    CHECK(endpoint->wants_half_close());
    CHECK(endpoint->output().empty());
    CHECK_FALSE(endpoint->deadline());
  }
}

TEST_CASE("open_timeout stands still while a request waits for its answer, and goes on while a refusal comes in") {
  Endpoint server(patient(Role::server), std::string(sample_nonce));
  server.receive(sample_request);
  CHECK_FALSE(server->deadline());
  server.advance(start + 1h);
  CHECK(server.story() == Story{{"Request", "/chat"}});
  CHECK(server->reject(start + 1h, 503, {}, {}, false) == Status::ok);
  CHECK(server->deadline() == start + 1h + 10s);

  Endpoint client(patient(Role::client), std::string(sample_nonce));
  client.connect();
  client.receive("HTTP/1.1 404 x\r\n\r\nabc");
  CHECK(client->deadline() == start + 10s);
  client.advance(start + 10s);
  CHECK(client.story() == Story{{"Rejected", "404"}, {"HandshakeFailed", "timed_out"}, {"Closed", "1006 timed out"}});
}

TEST_CASE("once open, open_timeout is over") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(patient(role), std::string(sample_nonce));
    endpoint.accepts({});
    if (role == Role::client) endpoint.connect();
    endpoint.receive(role == Role::client ? sample_response : sample_request);
    CHECK_FALSE(endpoint->deadline());
    endpoint.advance(start + 10s);
    CHECK(endpoint->state() == State::open);
  }
}

TEST_CASE("after a refusal the stream must end within close_timeout") {
  Endpoint server(patient(Role::server), std::string(sample_nonce));
  server.receive("Hello\r\n\r\n");
  CHECK(server->deadline() == start + 5s);
  server.advance(start + 5s);
  CHECK(server.story() == Story{{"HandshakeFailed", "not_http 400"}, {"Closed", "1006 timed out"}});
}

TEST_CASE("close_timeout runs from our Close, and is not prolonged by the answer") {
  for (const Role role : both_roles) {
    for (const bool answered : {false, true}) {
      CAPTURE(name(role));
      CAPTURE(answered);
      Endpoint endpoint(patient(role), std::nullopt);
      CHECK(endpoint->close(start + 1s) == Status::ok);
      endpoint.take_output();
      CHECK(endpoint->deadline() == start + 6s);
      endpoint.advance(start + 3s);
      if (answered) endpoint.receive_frame(0x88, close_1000);
      CHECK(endpoint->deadline() == start + 6s);
      endpoint.advance(start + 6s);
      const Seen last = {"Closed", answered ? "1000 timed out" : "1006 timed out"};
      CHECK(endpoint.story() == (answered ? Story{{"Close", "1000 "}, last} : Story{last}));
      CHECK(endpoint->closing().clean() == answered);
      CHECK(endpoint->wants_half_close());
      CHECK_FALSE(endpoint->deadline());
      endpoint.receive_eof();
      CHECK(endpoint.story().back() == last);
    }
  }
}

TEST_CASE("close_timeout runs from the peer's Close, and from a violation") {
  for (const Role role : both_roles) {
    for (const unsigned first_byte : {0x88U, 0x83U}) {
      CAPTURE(name(role));
      CAPTURE(first_byte);
      Endpoint endpoint(patient(role), std::nullopt);
      endpoint.advance(start + 1s);
      endpoint.receive_frame(first_byte, "");
      CHECK(endpoint->deadline() == start + 6s);
      endpoint.advance(start + 6s);
      CHECK(endpoint.story().back() == Seen{"Closed", first_byte == 0x88 ? "1005 timed out" : "1006 timed out"});
    }
  }
}

TEST_CASE("the end of the stream in time is no timeout") {
  Endpoint endpoint(patient(Role::client), std::nullopt);
  endpoint.receive_frame(0x88, close_1000);
  endpoint.receive_eof();
  CHECK_FALSE(endpoint->deadline());
  endpoint.advance(start + 100s);
  CHECK(endpoint.story() == Story{{"Close", "1000 "}, {"Closed", "1000"}});
}

TEST_CASE("a Ping is sent every ping_interval, and its Pong tells the time it took") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(lively(role), std::nullopt);
    CHECK(endpoint->deadline() == start + 20s);
    endpoint.advance(start + 20s - 1ns);
    CHECK(endpoint->output().empty());
    endpoint.advance(start + 20s);
    const Story sent = control_frames(endpoint.take_output());
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].kind == "Ping");
    CHECK(sent[0].data.size() == 4);
    CHECK(endpoint->deadline() == start + 28s);
    std::string pong = make_frame(other(role), 0x8a, sent[0].data);
    CHECK(endpoint->receive(std::as_writable_bytes(std::span(pong))) == Status::ok);
    const auto event = endpoint->next_event(start + 21s);
    REQUIRE(event);
    const auto* answer = std::get_if<ws::Pong>(&*event);
    REQUIRE(answer != nullptr);
    CHECK(answer->round_trip == 1s);
    endpoint.drain();
    CHECK(endpoint->deadline() == start + 40s);
    endpoint.advance(start + 40s);
    CHECK(control_frames(endpoint.take_output()).size() == 1);
  }
}

TEST_CASE("the Pong to a Ping of ours tells a time, and only once") {
  Endpoint endpoint(Role::client);
  const auto round_trip = [&](std::string_view payload, base::Duration at = 0s) {
    std::string pong = make_frame(Role::server, 0x8a, payload);
    CHECK(endpoint->receive(std::as_writable_bytes(std::span(pong))) == Status::ok);
    const auto event = endpoint->next_event(start + at);
    REQUIRE(event);
    const auto answer = std::get<ws::Pong>(*event).round_trip;
    endpoint.drain();
    return answer;
  };
  CHECK_FALSE(round_trip(""));
  CHECK(endpoint->send_ping(start, base::as_bytes("1")) == Status::ok);
  CHECK(endpoint->send_ping(start, base::as_bytes("2")) == Status::ok);
  CHECK(round_trip("1", 3s) == std::optional<base::Duration>(3s));
  CHECK_FALSE(round_trip("1"));
  CHECK(round_trip("2", 4s) == std::optional<base::Duration>(4s));
  CHECK_FALSE(round_trip("2"));
}

TEST_CASE("a peer that stays silent after a Ping is failed") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(lively(role), std::nullopt);
    endpoint.advance(start + 20s);
    endpoint.take_output();
    endpoint.advance(start + 28s - 1ns);
    CHECK(endpoint.story().empty());
    endpoint.advance(start + 28s);
    CHECK(endpoint.story() == Story{{"FAIL", "1011"}});
    CHECK(control_frames(endpoint.take_output()) == Story{{"Close", "1011 keepalive ping timeout"}});
    CHECK(endpoint->deadline() == start + 33s);
    endpoint.advance(start + 33s);
    CHECK(endpoint.story().back() == Seen{"Closed", "1006 timed out"});
  }
}

TEST_CASE("an owner that has stopped reading does not take the peer for silent") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(lively(role), std::nullopt);
    endpoint->excuse_silence(start + 19s);  // nothing was asked yet
    CHECK(endpoint->deadline() == start + 20s);
    endpoint.advance(start + 20s);
    endpoint.take_output();
    endpoint->excuse_silence(start + 27s);
    CHECK(endpoint->deadline() == start + 35s);
    endpoint.advance(start + 35s - 1ns);
    CHECK(endpoint.story().empty());
    endpoint.advance(start + 35s);
    CHECK(endpoint.story() == Story{{"FAIL", "1011"}});
  }
}

TEST_CASE("any byte after a Ping is a sign of life") {
  for (const std::string_view sign : {"\x8a", "\x81", "\x89"}) {
    Endpoint endpoint(lively(Role::client), std::nullopt);
    endpoint.advance(start + 20s);
    endpoint.take_output();
    endpoint.receive("");  // none at all
    CHECK(endpoint->deadline() == start + 28s);
    endpoint.receive(sign);
    CHECK(endpoint->deadline() == start + 40s);
    endpoint.advance(start + 28s);
    CHECK(endpoint.story().empty());
    endpoint.advance(start + 40s);
    CHECK(control_frames(endpoint.take_output()).front().kind == "Ping");
    endpoint.advance(start + 48s);
    CHECK(endpoint.story() == Story{{"FAIL", "1011"}});
  }
}

TEST_CASE("a clock that jumps over several intervals causes one Ping") {
  Endpoint endpoint(lively(Role::server), std::nullopt);
  endpoint.advance(start + 1h);
  CHECK(control_frames(endpoint.take_output()).size() == 1);
  CHECK(endpoint->deadline() == start + 1h + 8s);
}

TEST_CASE("ping_timeout without ping_interval, and the other way round") {
  ws::Options never = options_for(Role::server);
  never.ping_timeout = 8s;
  Endpoint silent(never, std::nullopt);
  CHECK_FALSE(silent->deadline());
  ws::Options forgiving = options_for(Role::server);
  forgiving.ping_interval = 20s;
  Endpoint endpoint(forgiving, std::nullopt);
  for (int i = 1; i <= 10; ++i) {
    CHECK(endpoint->deadline() == start + 20s * i);
    endpoint.advance(start + 20s * i);
    CHECK(control_frames(endpoint.take_output()).size() == 1);
  }
  CHECK(endpoint.story().empty());
}

TEST_CASE("there is no keepalive before the connection is open, nor once it closes") {
  Endpoint server(lively(Role::server), std::string(sample_nonce));
  CHECK(server->deadline() == start + 10s);
  server.advance(start + 9s);
  server.accepts({});
  server.receive(sample_request);
  server.take_output();
  CHECK(server->deadline() == start + 29s);
  CHECK(server->close(start + 9s) == Status::ok);
  server.take_output();
  CHECK(server->deadline() == start + 14s);
  server.advance(start + 14s);
  CHECK(server->output().empty());
}

TEST_CASE("a Ping that finds the output full is left out, and nobody is failed for it") {
  ws::Options options = lively(Role::server);
  options.limits.output = 0;
  Endpoint endpoint(options, std::nullopt);
  while (endpoint->send_ping(start) == Status::ok) continue;
  endpoint.advance(start + 20s);
  CHECK(endpoint->deadline() == start + 40s);
  endpoint.take_output();
  endpoint.advance(start + 40s);
  CHECK(control_frames(endpoint.take_output()).size() == 1);
}

}  // namespace
}  // namespace wscope::test
