// The output buffer: its limit, the room that control frames keep, and how few Pongs answer many Pings.
#include <doctest/doctest.h>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::Status;

ws::Options limited(Role role, std::size_t output) {
  ws::Options options = options_for(role);
  options.limits.output = output;
  return options;
}

std::string many_pings(Role sender, unsigned count) {
  std::string bytes;
  for (unsigned i = 1; i <= count; ++i) bytes += make_frame(sender, 0x89, std::to_string(i));
  return bytes;
}

TEST_CASE("T15 of many Pings as many are answered as Limits::pending_pongs, and the latest") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    for (const unsigned pending : {1U, 5U, 64U}) {
      CAPTURE(pending);
      ws::Options options = options_for(role);
      options.limits.pending_pongs = pending;
      Endpoint endpoint(options, std::nullopt);
      endpoint.receive(many_pings(other(role), 1000));
      CHECK(endpoint.story().size() == 1000);
      const std::string waiting(base::as_text(endpoint->output()));
      CHECK(control_frames(waiting).size() == pending);
      Story expected;
      for (unsigned i = 1; i <= pending; ++i) expected.push_back({"Pong", std::to_string(i)});
      expected.push_back({"Pong", "1000"});
      CHECK(control_frames(endpoint.take_output()) == expected);
      endpoint.receive_frame(0x89, "again");
      CHECK(control_frames(endpoint.take_output()) == Story{{"Pong", "again"}});
    }
  }
}

TEST_CASE("T15 one Pong may always wait") {
  ws::Options options = options_for(Role::server);
  options.limits.pending_pongs = 0;
  Endpoint endpoint(options, std::nullopt);
  CHECK(endpoint->send_text("x") == Status::ok);
  endpoint.receive(many_pings(Role::client, 3));
  CHECK(control_frames(endpoint.take_output()) == Story{{"Pong", "1"}, {"Pong", "3"}});
}

TEST_CASE("a Pong that was put off is not sent once the peer has closed") {
  ws::Options options = options_for(Role::server);
  options.limits.pending_pongs = 1;
  Endpoint endpoint(options, std::nullopt);
  endpoint.receive(many_pings(Role::client, 3) + make_frame(Role::client, 0x88, ""));
  CHECK(control_frames(endpoint.take_output()) == Story{{"Pong", "1"}, {"Close", "1005 "}});
  CHECK(endpoint->wants_half_close());
}

TEST_CASE("a message that exceeds Limits::output is refused whole, and fits later") {
  for (const Role role : both_roles) {
    for (const bool compressed : {false, true}) {
      CAPTURE(name(role));
      CAPTURE(compressed);
      const auto agreed = compressed ? std::optional(ws::DeflateParameters{}) : std::nullopt;
      Endpoint sender(limited(role, 10000), agreed);
      Endpoint receiver(options_for(other(role)), agreed);
      const std::string data(5000, 'x');
      Story expected;
      for (int round = 0; round < 3; ++round) {
        Status status = Status::ok;
        while ((status = sender->send_text(data)) == Status::ok) expected.push_back({"Text", data});
        CHECK(status == Status::output_full);
        CHECK(sender->output().size() <= 10000);
        receiver.receive(sender.take_output());
      }
      CHECK(expected.size() >= 3);
      CHECK(receiver.story() == expected);
      CHECK(sender->send_text(std::string(10001, 'x')) == Status::output_full);
      CHECK(sender->output().empty());
    }
  }
}

TEST_CASE("a fragment that is refused may be sent again") {
  Endpoint sender(limited(Role::server, 1000), std::nullopt);
  Endpoint receiver(Role::client);
  CHECK(sender->send_text(std::string(500, 'a'), false) == Status::ok);
  CHECK(sender->send_continuation(base::as_bytes(std::string(500, 'b')), true) == Status::output_full);
  CHECK(sender->sending_message());
  receiver.receive(sender.take_output());
  CHECK(sender->send_continuation(base::as_bytes(std::string(500, 'b')), true) == Status::ok);
  receiver.receive(sender.take_output());
  CHECK(receiver.story() == Story{{"Text", std::string(500, 'a') + std::string(500, 'b')}});
}

TEST_CASE("when data is refused there is room for Pings and Pongs, and when they are, for the Close") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    const std::string longest(125, 'x');
    Endpoint endpoint(limited(role, 1000), std::nullopt);
    while (endpoint->send_binary(base::as_bytes(longest)) == Status::ok) continue;
    while (endpoint->send_binary({}) == Status::ok) continue;
    CHECK(endpoint->send_ping(start, base::as_bytes(longest)) == Status::ok);
    CHECK(endpoint->send_pong(base::as_bytes(longest)) == Status::ok);
    while (endpoint->send_ping(start, base::as_bytes(longest)) == Status::ok) continue;
    while (endpoint->send_pong() == Status::ok) continue;
    CHECK(endpoint->send_ping(start) == Status::output_full);
    CHECK(endpoint->close(start, ws::close_code::normal, longest.substr(0, 123)) == Status::ok);
    CHECK(control_frames(endpoint.take_output()).back() == Seen{"Close", "1000 " + longest.substr(0, 123)});
  }
}

TEST_CASE("a full output keeps neither the answer to a Close nor that to a violation back") {
  for (const unsigned first_byte : {0x88U, 0x83U}) {
    Endpoint endpoint(limited(Role::server, 0), std::nullopt);
    CHECK(endpoint->send_text("") == Status::output_full);
    while (endpoint->send_ping(start) == Status::ok) continue;
    endpoint.receive_frame(first_byte, "");
    CHECK(control_frames(endpoint.take_output()).back().kind == "Close");
    CHECK(endpoint->wants_half_close());
  }
}

TEST_CASE("a Ping that finds the output full is answered later") {
  Endpoint endpoint(limited(Role::server, 0), std::nullopt);
  while (endpoint->send_ping(start) == Status::ok) continue;
  endpoint.receive_frame(0x89, "x");
  CHECK(control_frames(endpoint.take_output()).back() == Seen{"Pong", "x"});
}

TEST_CASE("output may be written in pieces of any size") {
  Endpoint endpoint(Role::client);
  CHECK(endpoint->send_text("Hello") == Status::ok);
  CHECK(endpoint->send_ping(start, base::as_bytes("x")) == Status::ok);
  std::string written;
  while (!endpoint->output().empty()) {
    written += base::as_text(endpoint->output().first(1));
    endpoint->consume_output(1);
    if (written.size() == 5) CHECK(endpoint->send_text("more") == Status::ok);
  }
  const auto frames = read_frames(written);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].payload == "Hello");
  CHECK(frames[1].payload == "x");
  CHECK(frames[2].payload == "more");
}

TEST_CASE("an answer to the handshake that exceeds Limits::output is refused") {
  Endpoint server(limited(Role::server, 0), std::string(sample_nonce));
  server.receive(sample_request);
  ws::AcceptOptions accept;
  accept.headers = {{"X-A", std::string(2000, 'x')}};
  CHECK(server->accept(start, accept) == Status::output_full);
  CHECK(server->reject(start, 400, {}, base::as_bytes(std::string(2000, 'x'))) == Status::output_full);
  CHECK(server->output().empty());
  CHECK(server->accept(start) == Status::ok);
  CHECK(server.take_output() == sample_response);
}

}  // namespace
}  // namespace wscope::test
