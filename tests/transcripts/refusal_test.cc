// Opening handshakes that are refused, by the server, by accept() and by the caller, with and without a body.
#include <doctest/doctest.h>

#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST_CASE("T18 a bad request is answered and the stream ended, whatever still comes") {
  Endpoint server = accepting_server();
  server.receive("POST /chat HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(server.take_story() == Story{{"HandshakeFailed", "bad_request 405"}});
  CHECK(server->state() == State::closed);
  CHECK_FALSE(server->wants_half_close());
  const std::string answer = server.take_output();
  CHECK(answer.rfind("HTTP/1.1 405 Method Not Allowed\r\n", 0) == 0);
  CHECK(contains(answer, "\r\nAllow: GET\r\n"));
  CHECK(contains(answer, "\r\nConnection: close\r\n"));
  CHECK(server->wants_half_close());
  server.receive(sample_request);
  CHECK(server.story().empty());
  CHECK(server->output().empty());
  server.receive_eof();
  CHECK(server.story() == Story{{"Closed", "1006"}});
}

TEST_CASE("a bad request may be answered by the caller instead") {
  Endpoint server(options_for(Role::server), std::string(sample_nonce));
  std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  CHECK(server->receive(std::as_writable_bytes(std::span(request))) == Status::ok);
  const auto event = server->next_event(start);
  REQUIRE(event);
  const auto* failed = std::get_if<ws::HandshakeFailed>(&*event);
  REQUIRE(failed != nullptr);
  CHECK(failed->status == 426);
  REQUIRE(failed->head != nullptr);
  CHECK(failed->head->target == "/");
  CHECK(server->reject(start, 200, {{"Content-Type", "text/plain"}}, base::as_bytes("hello\n")) == Status::ok);
  server.drain();
  CHECK(server.story().empty());
  CHECK(server.take_output() ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 6\r\n\r\nhello\n");
  CHECK(server->wants_half_close());
}

TEST_CASE("T19 a refusal is told with its body, and never opens") {
  struct Row {
    const char* framing;
    const char* body;
    bool ended_by_stream;
  };
  constexpr Row rows[] = {
      {"Content-Length: 5\r\n", "Hello", false},
      {"Transfer-Encoding: chunked\r\n", "2\r\nHe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\n", false},
      {"", "Hello", true}};
  for (const Row& row : rows) {
    CAPTURE(row.framing);
    const std::string input = std::string("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n") +
                              row.framing + "\r\n" + row.body;
    for_each_split(input, [&](Pieces pieces, const std::string& split) {
      CAPTURE(split);
      Endpoint client = asking_client();
      client.receive(pieces);
      CHECK(client->state() == (row.ended_by_stream ? State::rejecting : State::closed));
      if (row.ended_by_stream) client.receive_eof();
      const Story told = {{"Rejected", "401"}, {"RejectData", "Hello"}};
      CHECK(Story(client.story().begin(), client.story().begin() + 2) == told);
      CHECK(client->send_text("x") == Status::wrong_state);
      CHECK(client->wants_half_close());
      if (!row.ended_by_stream) client.receive_eof();
      CHECK(client.story().size() == 3);
      CHECK(client.story().back() == Seen{"Closed", "1006"});
    });
  }
}

TEST_CASE("a refusal shows its head") {
  Endpoint client = asking_client();
  std::string response = "HTTP/1.1 301 Moved\r\nLocation: ws://b/\r\nContent-Length: 0\r\n\r\n";
  CHECK(client->receive(std::as_writable_bytes(std::span(response))) == Status::ok);
  const auto event = client->next_event(start);
  REQUIRE(event);
  const auto* rejected = std::get_if<ws::Rejected>(&*event);
  REQUIRE(rejected != nullptr);
  CHECK(rejected->head->reason == "Moved");
  CHECK(*rejected->head->headers.find("location") == "ws://b/");
}

TEST_CASE("a refusal without a body by its status ends at once") {
  for (const char* status : {"204 No Content", "304 Not Modified"}) {
    Endpoint client = asking_client();
    client.receive(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 10\r\n\r\n");
    CHECK(client.story().size() == 2);
    CHECK(client.story().back() == Seen{"RejectData", ""});
    CHECK(client->state() == State::closed);
  }
}

TEST_CASE("M56 the body of a refusal is limited") {
  for (const std::size_t size : {std::size_t{100}, std::size_t{101}}) {
    CAPTURE(size);
    const std::string body(size, 'x');
    for (const std::string& framing : {std::string("\r\n"), "Content-Length: " + std::to_string(size) + "\r\n\r\n"}) {
      for_each_split("HTTP/1.1 400 x\r\n" + framing + body, [&](Pieces pieces, const std::string&) {
        ws::Options options = options_for(Role::client);
        options.limits.reject_body = 100;
        Endpoint client(options, std::string(sample_nonce));
        client.connect();
        client.receive(pieces);
        client.receive_eof();
        REQUIRE(client.story().size() == 3);
        CHECK(client.story()[0] == Seen{"Rejected", "400"});
        CHECK(client.story()[1] == (size == 100 ? Seen{"RejectData", body} : Seen{"HandshakeFailed", "bad_body"}));
      });
    }
  }
}

TEST_CASE("the server refuses without a body, or with one that is complete, of known length, or chunked") {
  Endpoint bare = asked_server();
  CHECK(bare->reject(start, 503) == Status::ok);
  CHECK(bare.take_output() == "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  CHECK(bare->wants_half_close());

  const base::Bytes hello = base::as_bytes("Hello");
  Endpoint complete = asked_server();
  CHECK(complete->reject(start, 403, {}, hello) == Status::ok);
  CHECK(complete->state() == State::closed);
  CHECK(complete.take_output() == "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 5\r\n\r\nHello");
  CHECK(complete->wants_half_close());
  CHECK(complete->reject_data(start, hello, true) == Status::wrong_state);

  Endpoint sized = asked_server();
  CHECK(sized->reject(start, 403, {{"Content-Length", "10"}}, hello, false) == Status::ok);
  CHECK(sized->state() == State::rejecting);
  CHECK(sized->accept(start) == Status::wrong_state);
  CHECK(sized.take_output() == "HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\nConnection: close\r\n\r\nHello");
  CHECK_FALSE(sized->wants_half_close());
  CHECK(sized->reject_data(start, hello, true) == Status::ok);
  CHECK(sized.take_output() == "Hello");
  CHECK(sized->wants_half_close());

  Endpoint chunked = asked_server();
  CHECK(chunked->reject(start, 403, {}, {}, false) == Status::ok);
  CHECK(chunked.take_output() == "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(chunked->reject_data(start, hello, false) == Status::ok);
  CHECK(chunked->reject_data(start, {}, false) == Status::ok);
  CHECK(chunked->reject_data(start, hello, true) == Status::ok);
  CHECK(chunked.take_output() == "5\r\nHello\r\n5\r\nHello\r\n0\r\n\r\n");
  CHECK(chunked->state() == State::closed);
  CHECK(chunked->wants_half_close());
}

TEST_CASE("a refusal of ours is understood by a client of ours") {
  const base::Bytes hello = base::as_bytes("Hello");
  for (const bool finished : {true, false}) {
    Endpoint server = asked_server();
    CHECK(server->reject(start, 404, {{"X-A", "b"}}, hello, finished) == Status::ok);
    if (!finished) CHECK(server->reject_data(start, hello, true) == Status::ok);
    for_each_split(server.take_output(), [&](Pieces pieces, const std::string&) {
      Endpoint client = asking_client();
      client.receive(pieces);
      CHECK(client.story() == Story{{"Rejected", "404"}, {"RejectData", finished ? "Hello" : "HelloHello"}});
    });
  }
}

TEST_CASE("L51 L45 a client whose origin or subprotocols do not fit is refused by accept()") {
  ws::AcceptOptions origins;
  origins.origins = {"http://example.com"};
  Endpoint strange = accepting_server(origins);
  strange.receive(sample_request);
  CHECK(strange.take_output().rfind("HTTP/1.1 403 Forbidden\r\n", 0) == 0);
  CHECK(strange->state() == State::closed);
  CHECK(strange->wants_half_close());

  ws::AcceptOptions subprotocols;
  subprotocols.subprotocols = {"chat"};
  Endpoint lenient = accepting_server(subprotocols);
  lenient.receive(sample_request);
  CHECK(lenient.take_output() == sample_response);
  CHECK(lenient->subprotocol().empty());
}

}  // namespace
}  // namespace wscope::test
