// The opening handshake as a sequence: early frames, interim responses, limits, other stacks.
#include <doctest/doctest.h>

#include "http/url.h"
#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;

TEST_CASE("T16 a frame right behind the 101 is heard") {
  const std::string input = std::string(sample_response) + make_frame(Role::server, 0x81, "Hello");
  for_each_split(input, [](Pieces pieces, const std::string& split) {
    CAPTURE(split);
    Endpoint client = asking_client();
    client.receive(pieces);
    CHECK(client.story() == Story{{"Opened", ""}, {"Text", "Hello"}});
  });
}

TEST_CASE("T17 frames right behind the request are heard once it is accepted") {
  const std::string input =
      std::string(sample_request) + make_frame(Role::client, 0x81, "Hello") + make_frame(Role::client, 0x89, "x");
  for_each_split(input, [](Pieces pieces, const std::string& split) {
    CAPTURE(split);
    Endpoint late(options_for(Role::server), std::string(sample_nonce));
    late.receive(pieces);
    CHECK(late.take_story() == Story{{"Request", "/chat"}});
    CHECK_FALSE(late->wants_input());
    CHECK(late->accept(start) == Status::ok);
    late.drain();
    CHECK(late->wants_input());
    CHECK(late.story() == Story{{"Opened", ""}, {"Text", "Hello"}, {"Ping", "x"}});
    CHECK(late.take_output() == std::string(sample_response) + make_frame(Role::server, 0x8a, "x"));
    late.receive_frame(0x81, "more");
    CHECK(late.story().back() == Seen{"Text", "more"});

    Endpoint at_once = accepting_server();
    at_once.receive(pieces);
  });
}

TEST_CASE("T17 an early frame may be cut by the end of what came early") {
  const std::string frame = make_frame(Role::client, 0x81, "Hello");
  for (std::size_t cut = 0; cut <= frame.size(); ++cut) {
    CAPTURE(cut);
    Endpoint server(options_for(Role::server), std::string(sample_nonce));
    server.receive(std::string(sample_request) + frame.substr(0, cut));
    CHECK(server->accept(start) == Status::ok);
    server.drain();
    server.receive(frame.substr(cut));
    CHECK(server.story() == Story{{"Request", "/chat"}, {"Opened", ""}, {"Text", "Hello"}});
  }
}

TEST_CASE("a client that says more than Limits::early_bytes before the 101 is refused") {
  ws::Options options = options_for(Role::server);
  options.limits.early_bytes = 100;
  for (const std::size_t size : {std::size_t{100}, std::size_t{101}}) {
    CAPTURE(size);
    for_each_split(std::string(sample_request) + std::string(size, 'x'), [&](Pieces pieces, const std::string&) {
      Endpoint server(options, std::string(sample_nonce));
      server.receive(pieces);
      const bool fits = size == 100;
      CHECK(server.story().size() == (fits ? 1U : 2U));
      CHECK(server.story().back() == (fits ? Seen{"Request", "/chat"} : Seen{"HandshakeFailed", "bad_request 400"}));
    });
  }
}

TEST_CASE("T20 the stream ends before the head is complete") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    const std::string_view head = role == Role::client ? sample_response : sample_request;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, head.size() - 1}) {
      CAPTURE(size);
      Endpoint endpoint(options_for(role), std::string(sample_nonce));
      if (role == Role::client) endpoint.connect();
      endpoint.receive(head.substr(0, size));
      endpoint.receive_eof();
      CHECK(endpoint.story() == Story{{"HandshakeFailed", "stream_ended"}, {"Closed", "1006"}});
      CHECK(endpoint->state() == State::closed);
      CHECK(endpoint->wants_half_close());
      CHECK(endpoint->output().empty());
    }
  }
}

TEST_CASE("the stream ends before the server has answered") {
  Endpoint server = asked_server();
  server.receive_eof();
  CHECK(server.story() == Story{{"HandshakeFailed", "stream_ended"}, {"Closed", "1006"}});
  CHECK(server->accept(start) == Status::wrong_state);
  CHECK(server->output().empty());
}

TEST_CASE("T23 interim responses are skipped, however many") {
  std::string input;
  for (int i = 0; i < 10; ++i) input += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
  input += sample_response;
  for_each_split(input, [](Pieces pieces, const std::string& split) {
    CAPTURE(split);
    Endpoint client = asking_client();
    client.receive(pieces);
    CHECK(client.story() == Story{{"Opened", ""}});
  });
}

TEST_CASE("the client's request is written as asked, and only once") {
  Endpoint client(options_for(Role::client), std::string(sample_nonce));
  std::byte byte{};
  CHECK(client->receive({&byte, 1}) == Status::wrong_state);
  ws::ConnectOptions options;
  options.origin = "http://example.com";
  options.subprotocols = {"chat", "superchat"};
  options.headers = {{"X-A", "1"}, {"X-A", "2"}};
  const http::Url url = http::parse_url("ws://us%40er:p%3Aw@example.com:8080/chat?x=y").value();
  CHECK(client->connect(url, options) == Status::ok);
  CHECK(client->connect(url, options) == Status::wrong_state);
  CHECK(client.take_output() ==
        "GET /chat?x=y HTTP/1.1\r\nHost: example.com:8080\r\nAuthorization: Basic dXNAZXI6cDp3\r\n"
        "Origin: http://example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: chat, superchat\r\nX-A: 1\r\nX-A: 2\r\n\r\n");
}

TEST_CASE("headers that would break the head are refused, and another call may follow") {
  ws::ConnectOptions bad;
  bad.headers = {{"X-A", "1\r\nX-B: 2"}};
  Endpoint client(options_for(Role::client), std::string(sample_nonce));
  const http::Url url = http::parse_url("ws://server.example.com/chat").value();
  CHECK(client->connect(url, bad) == Status::bad_header);
  CHECK(client->output().empty());
  client.connect();

  Endpoint server = asked_server();
  ws::AcceptOptions accept;
  accept.headers = bad.headers;
  CHECK(server->accept(start, accept) == Status::bad_header);
  CHECK(server->reject(start, 400, {{"X A", "1"}}) == Status::bad_header);
  CHECK(server->reject(start, 101) == Status::bad_header);
  CHECK(server->reject(start, 600) == Status::bad_header);
  CHECK(server->output().empty());
  CHECK(server->accept(start) == Status::ok);
  CHECK(server.take_output() == sample_response);
}

TEST_CASE("a request that another stack has read goes the same way") {
  http::RequestHead head{"GET", "/chat", {}, {}};
  head.headers = {{"Host", "server.example.com"},
                  {"Upgrade", "websocket"},
                  {"Connection", "Upgrade"},
                  {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                  {"Sec-WebSocket-Version", "13"}};
  Endpoint server = accepting_server();
  CHECK(server->receive_request(head) == Status::ok);
  server.drain();
  CHECK(server.take_output() == sample_response);
  CHECK(server->receive_request(head) == Status::wrong_state);
  server.receive_frame(0x81, "Hello");
  CHECK(server.story() == Story{{"Request", "/chat"}, {"Opened", ""}, {"Text", "Hello"}});

  Endpoint early(options_for(Role::server), std::string(sample_nonce));
  CHECK(early->receive_request(head) == Status::ok);
  early.drain();
  early.receive_frame(0x81, "early");
  CHECK(early->accept(start) == Status::ok);
  early.drain();
  CHECK(early.story() == Story{{"Request", "/chat"}, {"Opened", ""}, {"Text", "early"}});

  Endpoint strict = accepting_server();
  head.headers.remove("Host");
  CHECK(strict->receive_request(head) == Status::ok);
  strict.drain();
  CHECK(strict.story() == Story{{"HandshakeFailed", "bad_request 400"}});

  Endpoint late(options_for(Role::server), std::string(sample_nonce));
  late.receive("G");
  CHECK(late->receive_request(head) == Status::wrong_state);
  Endpoint client = asking_client();
  CHECK(client->receive_request(head) == Status::wrong_state);
}

TEST_CASE("a connection whose handshake was done elsewhere begins open, with what was agreed") {
  ws::PermessageDeflate deflate;
  FixedRandom random{std::string(example_mask)};
  ws::Agreement agreed = agreement(deflate, Role::server, ws::DeflateParameters{});
  agreed.subprotocol = "chat";
  ws::Connection connection(options_for(Role::server), random, {}, std::move(agreed));
  CHECK(connection.state() == State::open);
  CHECK(connection.subprotocol() == "chat");
  CHECK(connection.extensions() == "permessage-deflate");
  CHECK_FALSE(connection.next_event(start));
  CHECK(connection.accept(start) == Status::wrong_state);
  CHECK(connection.reject(start, 400) == Status::wrong_state);
  CHECK(connection.receive_request({}) == Status::wrong_state);
  CHECK(connection.output().empty());
}

TEST_CASE("the limits of a head hold whatever the pieces") {
  struct Row {
    const char* name;
    std::string within;
    std::string beyond;
    const char* status;
  };
  const std::string get = "GET / HTTP/1.1\r\n";
  const auto field = [](std::size_t size) { return "X:" + std::string(size - 4, 'x') + "\r\n"; };
  const auto fields = [](int count) {
    std::string text;
    while (count-- > 0) text += "X: y\r\n";
    return text;
  };
  const auto line = [](std::size_t size) { return "GET /" + std::string(size - 16, 'x') + " HTTP/1.1\r\n"; };
  const Row rows[] = {{"start line", line(598) + "\r\n", line(601) + "\r\n", "not_http 414"},
                      {"field line", get + field(582) + "\r\n", get + field(583) + "\r\n", "not_http 431"},
                      {"fields", get + fields(97) + "\r\n", get + fields(98) + "\r\n", "not_http 431"},
                      {"head", get + field(200) + field(200) + field(182) + "\r\n",
                       get + field(200) + field(200) + field(183) + "\r\n", "not_http 431"}};
  ws::Options options = options_for(Role::server);
  options.limits.head = {.head_bytes = 600};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    for_each_split(row.within, [&](Pieces pieces, const std::string& split) {
      CAPTURE(split);
      Endpoint server(options, std::string(sample_nonce));
      server.receive(pieces);
      CHECK(server.story().front().data.rfind("bad_request", 0) == 0);
    });
    for_each_split(row.beyond, [&](Pieces pieces, const std::string& split) {
      CAPTURE(split);
      Endpoint server(options, std::string(sample_nonce));
      server.receive(pieces);
      CHECK(server.story() == Story{{"HandshakeFailed", row.status}});
    });
  }
}

}  // namespace
}  // namespace wscope::test
