// Sequences of calls and frames around the end of a connection: who says Close, who answers, what is still heard, who
// ends the stream.
#include <doctest/doctest.h>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;

constexpr std::string_view close_1000 = "\x03\xe8";
constexpr std::string_view close_1000_bye =
    "\x03\xe8"
    "bye";

// Once closed, the server ends the stream at once; the client waits until the server has.
void check_half_close_after_closing(Endpoint& endpoint) {
  CHECK(endpoint->output().empty());
  CHECK(endpoint->wants_half_close() == (endpoint->role() == Role::server));
  CHECK(endpoint->close_expected());
  endpoint.receive_eof();
  CHECK(endpoint->wants_half_close());
  CHECK_FALSE(endpoint->close_expected());
}

TEST_CASE("T01 our Close is answered: no second one is written") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start, ws::close_code::normal, "bye") == Status::ok);
    CHECK(endpoint->state() == State::local_closing);
    CHECK(endpoint.take_output() == make_frame(role, 0x88, close_1000_bye));
    CHECK_FALSE(endpoint->wants_half_close());
    endpoint.receive_frame(0x88, close_1000);
    CHECK(endpoint->state() == State::closed);
    CHECK(endpoint.take_story() == Story{{"Close", "1000 "}});
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1000"}});
    CHECK(endpoint->closing().clean());
    CHECK_FALSE(endpoint->closing().received_first);
    CHECK(describe(endpoint->closing()) == "sent 1000 (OK) bye; then received 1000 (OK)");
  }
}

TEST_CASE("T02 the peer's Close is echoed") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x88, close_1000_bye);
    CHECK(endpoint.take_story() == Story{{"Close", "1000 bye"}});
    CHECK(endpoint->state() == State::closed);
    CHECK_FALSE(endpoint->wants_half_close());  // the echo is not written yet
    CHECK(endpoint.take_output() == make_frame(role, 0x88, close_1000_bye));
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1000"}});
    CHECK(endpoint->closing().received_first);
    CHECK(describe(endpoint->closing()) == "received 1000 (OK) bye; then sent 1000 (OK) bye");
  }
}

TEST_CASE("T03 an empty Close is answered with an empty Close") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x88, "");
    CHECK(endpoint.take_output() == make_frame(role, 0x88, ""));
    endpoint.receive_eof();
    CHECK(endpoint.story() == Story{{"Close", "1005 "}, {"Closed", "1005"}});
  }
}

TEST_CASE("T04 what follows a Close is ignored, in the same read and later") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    const Role peer = other(role);
    const std::string rest = make_frame(peer, 0x81, "x") + make_frame(peer, 0x89, "x") +
                             make_frame(peer, 0x88, close_1000) + std::string("\xff\xff\xff");
    endpoint.receive(make_frame(peer, 0x88, close_1000_bye) + rest);
    endpoint.take_output();
    endpoint.receive(rest);
    endpoint.receive_eof();
    CHECK(endpoint->output().empty());
    CHECK(endpoint.story() == Story{{"Close", "1000 bye"}, {"Closed", "1000"}});
  }
}

TEST_CASE("T05 between our Close and the peer's, messages are heard and Pings answered") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start) == Status::ok);
    endpoint.take_output();
    endpoint.receive_frame(0x81, "text");
    endpoint.receive_frame(0x89, "ping");
    CHECK(endpoint.take_output() == make_frame(role, 0x8a, "ping"));
    endpoint.receive_frame(0x88, close_1000);
    CHECK(endpoint->output().empty());
    CHECK(endpoint.story() == Story{{"Text", "text"}, {"Ping", "ping"}, {"Close", "1000 "}});
  }
}

TEST_CASE("T06 the stream ends while open") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_eof();
    CHECK(endpoint.story() == Story{{"Closed", "1006"}});
    CHECK_FALSE(endpoint->closing().clean());
    CHECK(endpoint->state() == State::closed);
    CHECK(endpoint->wants_half_close());
    CHECK(endpoint->output().empty());
    CHECK(describe(endpoint->closing()) == "no close frame received or sent");
    CHECK(endpoint->send_text("x") == Status::wrong_state);
    CHECK(endpoint->close(start) == Status::wrong_state);
  }
}

TEST_CASE("T07 the stream ends before our Close is answered") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start) == Status::ok);
    endpoint.take_output();
    endpoint.receive_eof();
    CHECK(endpoint.story() == Story{{"Closed", "1006"}});
    CHECK_FALSE(endpoint->closing().clean());
    CHECK(endpoint->wants_half_close());
    CHECK(describe(endpoint->closing()) == "sent 1000 (OK); no close frame received");
  }
}

TEST_CASE("T08 T09 after the closing handshake the end of the stream is one event, however often it is told") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x88, "\x0b\xb8");
    endpoint.take_output();
    endpoint.receive_eof();
    endpoint.receive_eof();
    endpoint.advance({});
    CHECK(endpoint.story() == Story{{"Close", "3000 "}, {"Closed", "3000"}});
    CHECK(endpoint->closing().clean());
  }
}

TEST_CASE("T10 nothing can be received after the end of the stream") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_eof();
    std::byte byte{};
    CHECK(endpoint->receive({&byte, 1}) == Status::wrong_state);
    CHECK_FALSE(endpoint->wants_input());
  }
}

TEST_CASE("nothing more can be received until all events were taken") {
  Endpoint endpoint(Role::client);
  std::string bytes = make_frame(Role::server, 0x81, "a") + make_frame(Role::server, 0x81, "b");
  const base::MutableBytes input = std::as_writable_bytes(std::span(bytes));
  CHECK(endpoint->receive(input) == Status::ok);
  CHECK(endpoint->receive(input) == Status::wrong_state);
  endpoint.drain();
  CHECK(endpoint.story() == Story{{"Text", "a"}, {"Text", "b"}});
}

TEST_CASE("the end of the stream does not overtake what was received before it") {
  Endpoint endpoint(Role::client);
  std::string bytes = make_frame(Role::server, 0x81, "a");
  CHECK(endpoint->receive(std::as_writable_bytes(std::span(bytes))) == Status::ok);
  endpoint->receive_eof(start);
  endpoint.drain();
  CHECK(endpoint.story() == Story{{"Text", "a"}, {"Closed", "1006"}});
}

TEST_CASE("T11 a violation is answered with one Close, and nothing is heard or sent after it") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x83, "");
    CHECK(endpoint.take_story() == Story{{"FAIL", "1002"}});
    CHECK(endpoint->state() == State::closed);
    CHECK(control_frames(endpoint.take_output()) == Story{{"Close", "1002 reserved opcode"}});
    endpoint.receive_frame(0x81, "x");
    endpoint.receive_frame(0x88, close_1000);
    CHECK(endpoint.story().empty());
    CHECK(endpoint->send_text("x") == Status::wrong_state);
    CHECK(endpoint->send_ping(start) == Status::wrong_state);
    CHECK(endpoint->send_pong() == Status::wrong_state);
    CHECK(endpoint->close(start) == Status::wrong_state);
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1006"}});
    CHECK(describe(endpoint->closing()) == "sent 1002 (protocol error) reserved opcode; no close frame received");
  }
}

TEST_CASE("T12 a violation after our Close is not answered with a second one") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start, ws::close_code::normal, "bye") == Status::ok);
    endpoint.take_output();
    endpoint.receive_frame(0x83, "");
    CHECK(endpoint.take_story() == Story{{"FAIL", "1002"}});
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1006"}});
    CHECK(endpoint->closing().sent == ws::Close{ws::close_code::normal, "bye"});
  }
}

TEST_CASE("T13 a Close abandons the message being sent") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->send_text("Hel", false) == Status::ok);
    CHECK(endpoint->close(start) == Status::ok);
    CHECK(endpoint.take_output() == make_frame(role, 0x01, "Hel") + make_frame(role, 0x88, close_1000));
    CHECK(endpoint->send_continuation({}, true) == Status::wrong_state);
    CHECK(endpoint->output().empty());
  }
}

TEST_CASE("T14 a Close abandons the message being received") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    endpoint.receive_frame(0x01, "Hel");
    endpoint.receive_frame(0x88, close_1000);
    CHECK(endpoint.story() == Story{{"Close", "1000 "}});
    CHECK(endpoint.take_output() == make_frame(role, 0x88, close_1000));
  }
}

TEST_CASE("T21 a connection can be dropped in any state") {
  const auto in_state = [](Endpoint& endpoint, State state) { CHECK(endpoint->state() == state); };
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint connecting(options_for(role), std::string(sample_nonce));
    in_state(connecting, State::connecting);
    Endpoint open(options_for(role), ws::DeflateParameters{});
    CHECK(open->send_text("x", false) == Status::ok);
    open.receive_frame(0x01, "x");
    in_state(open, State::open);
    Endpoint closing(role);
    CHECK(closing->close(start) == Status::ok);
    in_state(closing, State::local_closing);
  }
}

TEST_CASE("without auto_close the peer's Close is answered by the caller") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    ws::Options options = options_for(role);
    options.auto_close = false;
    Endpoint endpoint(options, std::nullopt);
    endpoint.receive_frame(0x88, close_1000_bye);
    CHECK(endpoint.take_story() == Story{{"Close", "1000 bye"}});
    CHECK(endpoint->state() == State::remote_closing);
    CHECK(endpoint->output().empty());
    CHECK_FALSE(endpoint->wants_half_close());
    CHECK(endpoint->send_pong() == Status::wrong_state);
    endpoint.receive_frame(0x89, "ignored");
    CHECK(endpoint->close(start, ws::close_code::going_away) == Status::ok);
    CHECK(endpoint.take_output() == make_frame(role, 0x88, "\x03\xe9"));
    CHECK(endpoint->state() == State::closed);
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1000"}});
    CHECK(endpoint->closing().received_first);
  }
}

TEST_CASE("without auto_close what was being said may be ended before the answer") {
  ws::Options options = options_for(Role::server);
  options.auto_close = false;
  Endpoint endpoint(options, std::nullopt);
  CHECK(endpoint->send_binary(base::as_bytes("a"), false) == Status::ok);
  endpoint.receive_frame(0x88, close_1000);
  CHECK(endpoint->send_continuation(base::as_bytes("b"), false) == Status::ok);
  CHECK(endpoint->send_continuation({}, true) == Status::ok);
  CHECK(endpoint->close(start) == Status::ok);
  CHECK(endpoint->send_binary(base::as_bytes("c")) == Status::wrong_state);
  const std::string said = make_frame(Role::server, 0x02, "a") + make_frame(Role::server, 0x00, "b");
  CHECK(endpoint.take_output() ==
        said + make_frame(Role::server, 0x80, "") + make_frame(Role::server, 0x88, close_1000));
}

TEST_CASE("without auto_close the stream may end before the caller answers") {
  ws::Options options = options_for(Role::server);
  options.auto_close = false;
  Endpoint endpoint(options, std::nullopt);
  endpoint.receive_frame(0x88, close_1000);
  endpoint.receive_eof();
  CHECK(endpoint.story() == Story{{"Close", "1000 "}, {"Closed", "1000"}});
  CHECK_FALSE(endpoint->closing().clean());
  CHECK(endpoint->close(start) == Status::wrong_state);
}

TEST_CASE("without auto_pong a Ping is only told") {
  ws::Options options = options_for(Role::server);
  options.auto_pong = false;
  Endpoint endpoint(options, std::nullopt);
  endpoint.receive_frame(0x89, "x");
  CHECK(endpoint.story() == Story{{"Ping", "x"}});
  CHECK(endpoint->output().empty());
  CHECK(endpoint->send_pong(base::as_bytes("x")) == Status::ok);
  CHECK(endpoint.take_output() == make_frame(Role::server, 0x8a, "x"));
}

TEST_CASE("the caller may fail the connection for a reason of its own") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->fail(start, ws::close_code::policy_violation, "no") == Status::ok);
    CHECK(endpoint->state() == State::closed);
    CHECK(control_frames(endpoint.take_output()) == Story{{"Close", "1008 no"}});
    endpoint.receive_frame(0x81, "ignored");
    check_half_close_after_closing(endpoint);
    CHECK(endpoint.story() == Story{{"Closed", "1006"}});
  }
}

TEST_CASE("failing the connection after our Close writes no second one") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    Endpoint endpoint(role);
    CHECK(endpoint->close(start) == Status::ok);
    endpoint.take_output();
    CHECK(endpoint->fail(start, ws::close_code::internal_error) == Status::ok);
    CHECK(endpoint->state() == State::closed);
    CHECK(endpoint->output().empty());
    endpoint.receive_frame(0x81, "ignored");
    CHECK(endpoint.story().empty());
  }
}

TEST_CASE("two Closes that cross end the connection on both sides") {
  Endpoint client(Role::client);
  Endpoint server(Role::server);
  CHECK(client->close(start, ws::close_code::normal, "client") == Status::ok);
  CHECK(server->close(start, ws::close_code::going_away, "server") == Status::ok);
  const std::string from_client = client.take_output();
  const std::string from_server = server.take_output();
  client.receive(from_server);
  server.receive(from_client);
  CHECK(client->output().empty());
  CHECK(server->output().empty());
  CHECK(client.story() == Story{{"Close", "1001 server"}});
  CHECK(server.story() == Story{{"Close", "1000 client"}});
  CHECK(server->wants_half_close());
  CHECK_FALSE(client->wants_half_close());
}

}  // namespace
}  // namespace wscope::test
