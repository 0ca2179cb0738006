#include "ws/opening_handshake.h"

#include <doctest/doctest.h>

#include <string>

#include "support/split.h"
#include "unit/ws/bytes.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::for_each_split;
using wscope::test::Pieces;

namespace {

using Stage = OpeningHandshake::Stage;
using Reason = HandshakeFailed::Reason;

const std::string request =
    "GET /chat HTTP/1.1\r\n"
    "Host: example.com\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: chat\r\n\r\n";

const std::string response =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

// A handshake with all that it borrows, and what it says in words.
class Machine {
 public:
  explicit Machine(Role role, const Limits& limits = {}, std::size_t room = 100000)
      : out(room), limits_(limits), handshake_(role, limits_, offers_) {}

  OpeningHandshake& operator*() { return handshake_; }
  OpeningHandshake* operator->() { return &handshake_; }

  Status connect(const ConnectOptions& options = {}) {
    const auto url = http::parse_url("ws://example.com/chat");
    return handshake_.connect(*url, options, random_, out);
  }
  // The bytes that are left.
  std::string receive(std::string_view bytes) {
    auto block = test::block(bytes);
    base::MutableBytes in(block);
    for (;;) {
      const Stage before = handshake_.stage();
      const std::size_t size = in.size();
      const auto event = handshake_.receive(in, out);
      if (event) {
        add(*event);
      } else if (handshake_.stage() == before && in.size() == size) {
        return std::string(base::as_text(in));
      }
      if (handshake_.stage() == Stage::failed) return "";
    }
  }
  void receive(Pieces pieces) {
    for (const base::MutableBytes piece : pieces) receive(base::as_text(piece));
  }
  void end() {
    if (const auto event = handshake_.receive_eof()) add(*event);
  }
  std::string written() {
    std::string bytes(base::as_text(out.view()));
    out.consume(bytes.size());
    return bytes;
  }

  std::vector<std::string> events;
  std::string body;
  base::Buffer out;

 private:
  void add(const Event& event) {
    if (const auto* seen = std::get_if<Request>(&event)) {
      events.push_back("request " + seen->head->target + " " + std::to_string(seen->subprotocols.size()));
    } else if (const auto* rejected = std::get_if<Rejected>(&event)) {
      events.push_back("rejected " + std::to_string(rejected->head->status));
    } else if (const auto* data = std::get_if<RejectData>(&event)) {
      body += base::as_text(data->data);
      if (data->finished) events.push_back("body " + body);
    } else {
      const auto& failed = std::get<HandshakeFailed>(event);
      reason = failed.reason;
      events.push_back("failed " + std::to_string(failed.status) + " " + std::string(failed.detail));
      has_head = failed.head != nullptr;
    }
  }

  const std::vector<const ExtensionOffer*> offers_;
  Limits limits_;
  test::FixedRandom random_{"the sample nonce"};
  OpeningHandshake handshake_;

 public:
  std::optional<Reason> reason;
  bool has_head = false;
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a client asks, and opens with a proper answer") {
  for_each_split("HTTP/1.1 103 Early Hints\r\n\r\n" + response, [](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Machine client(Role::client);
    CHECK(client->stage() == Stage::idle);
    CHECK(client.connect() == Status::ok);
    CHECK(client.connect() == Status::wrong_state);
    CHECK(client.written().find("GET /chat HTTP/1.1\r\nHost: example.com\r\n") == 0);
    client.receive(pieces);
    CHECK(client->stage() == Stage::opened);
    CHECK(client->response().status == 101);
    CHECK(client.events.empty());
  });
}

TEST_CASE("a server that says nothing but that it is about to has failed") {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  std::string some;
  while (some.size() + interim.size() <= Limits().head.head_bytes) some += interim;
  Machine client(Role::client);
  CHECK(client.connect() == Status::ok);
  client.receive(some);
  CHECK(client->stage() == Stage::reading_head);
  client.receive(interim);
  CHECK(client->stage() == Stage::failed);
  CHECK(client.events == Strings{"failed 0 the interim responses (1xx) have no end"});
}

TEST_CASE("what follows the answer is left") {
  Machine client(Role::client);
  CHECK(client.connect() == Status::ok);
  CHECK(client.receive(response + "frames") == "frames");
}

TEST_CASE("a request that must not be sent is refused, and another can be") {
  Machine client(Role::client);
  ConnectOptions options;
  options.headers = {{"X", "a\r\nInjected: b"}};
  CHECK(client.connect(options) == Status::bad_header);
  for (const std::string_view subprotocol : {"", "a b", "a,b", "f\xc3\xb6"}) {
    CAPTURE(subprotocol);
    options = {};
    options.subprotocols = {"fine", std::string(subprotocol)};
    CHECK(client.connect(options) == Status::bad_header);
  }
  CHECK(client.written().empty());
  CHECK(client->stage() == Stage::idle);
  CHECK(client.connect() == Status::ok);
  Machine cramped(Role::client, {}, 50);
  CHECK(cramped.connect() == Status::output_full);
  CHECK(cramped.out.empty());
}

TEST_CASE("a client delivers a refusal with its body") {
  const std::string_view refusals[] = {
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nsorry",
      "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nso\r\n3\r\nrry\r\n0\r\n\r\n",
      "HTTP/1.1 401 Unauthorized\r\n\r\nsorry",
  };
  for (const std::string_view refusal : refusals) {
    for_each_split(refusal, [](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Machine client(Role::client);
      CHECK(client.connect() == Status::ok);
      client.receive(pieces);
      if (client->stage() == Stage::reading_body) client.end();
      CHECK(client.events == Strings{"rejected 401", "body sorry"});
      CHECK(client->stage() == Stage::refused);
      CHECK(client->response().status == 401);
    });
  }
}

TEST_CASE("a client fails with an answer that is wrong") {
  Limits limits;
  limits.reject_body = 4;
  const struct {
    std::string_view answer;
    Reason reason;
    std::string_view detail;
  } rows[] = {
      {"SSH-2.0-OpenSSH\r\n", Reason::not_http, ""},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Reason::bad_response, "no Connection header"},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", Reason::bad_body, ""},
      {"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\nx", Reason::bad_body, ""},
      {"HTTP/1.1 404 Not Found\r\n\r\n12345", Reason::bad_body, "the body of the refusal is too long"},
  };
  for (const auto& row : rows) {
    for_each_split(row.answer, [&](Pieces pieces, const std::string& name) {
      CAPTURE(row.answer);
      CAPTURE(name);
      Machine client(Role::client, limits);
      CHECK(client.connect() == Status::ok);
      client.receive(pieces);
      CHECK(client->stage() == Stage::failed);
      CHECK(client.reason == row.reason);
      if (!row.detail.empty()) CHECK(client.events.back() == "failed 0 " + std::string(row.detail));
    });
  }
}

TEST_CASE("a stream that ends too early fails the handshake") {
  Machine untouched(Role::client);
  CHECK(untouched.connect() == Status::ok);
  untouched.end();
  CHECK(untouched.events == Strings{"failed 0 the connection was closed before the handshake"});
  CHECK(untouched.reason == Reason::stream_ended);

  Machine within(Role::server);
  within.receive("GET");
  within.end();
  CHECK(within.events == Strings{"failed 0 the connection was closed during the handshake"});

  Machine body(Role::client);
  CHECK(body.connect() == Status::ok);
  body.receive("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nso");
  body.end();
  CHECK(body.reason == Reason::bad_body);
}

TEST_CASE("a handshake may take too long") {
  Machine server(Role::server);
  const Event event = server->time_out();
  CHECK(std::get<HandshakeFailed>(event).reason == Reason::timed_out);
  CHECK(std::get<HandshakeFailed>(event).detail == "the handshake took too long");
  CHECK(server->stage() == Stage::failed);
}

TEST_CASE("a server delivers the request and accepts it") {
  for_each_split(request, [](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Machine server(Role::server);
    CHECK(server->accept({}, server.out) == Status::wrong_state);
    server.receive(pieces);
    CHECK(server.events == Strings{"request /chat 1"});
    CHECK(server->stage() == Stage::awaiting_answer);
    AcceptOptions options;
    options.subprotocols = {"chat"};
    CHECK(server->accept(options, server.out) == Status::ok);
    CHECK(server->stage() == Stage::opened);
    CHECK(server->agreement().subprotocol == "chat");
    CHECK(server->accept(options, server.out) == Status::wrong_state);
    CHECK(server.written() ==
          "HTTP/1.1 101 Switching Protocols\r\n"
          "Upgrade: websocket\r\n"
          "Connection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
          "Sec-WebSocket-Protocol: chat\r\n\r\n");
  });
}

TEST_CASE("a server agrees on nothing that its answer does not say") {
  for (const bool left_out : {false, true}) {
    Machine server(Role::server);
    server.receive(request);
    AcceptOptions options;
    options.subprotocols = {"chat"};
    if (left_out) {
      options.left_out = {"Sec-WebSocket-Protocol"};
    } else {
      options.headers = {{"Sec-WebSocket-Protocol", "other"}};
    }
    CHECK(server->accept(options, server.out) == Status::ok);
    CHECK(server->agreement().subprotocol.empty());
  }
}

TEST_CASE("an answer that must not be sent is refused, and another can be given") {
  Machine server(Role::server);
  server.receive(request);
  AcceptOptions options;
  options.headers = {{"X", "a\nb"}};
  CHECK(server->accept(options, server.out) == Status::bad_header);
  for (const int status : {100, 101, 199, 600}) {
    CHECK(server->reject(status, {}, {}, true, server.out) == Status::bad_header);
  }
  CHECK(server->reject(400, {{"X y", "z"}}, {}, true, server.out) == Status::bad_header);
  CHECK(server->reject_data({}, true, server.out) == Status::wrong_state);
  CHECK(server.written().empty());
  CHECK(server->stage() == Stage::awaiting_answer);
  CHECK(server->accept({}, server.out) == Status::ok);
}

TEST_CASE("a server that does not want this client answers so by itself") {
  Machine server(Role::server);
  server.receive(request);
  AcceptOptions options;
  options.origins = {"https://example.com"};
  CHECK(server->accept(options, server.out) == Status::ok);
  CHECK(server->stage() == Stage::refused);
  CHECK(server.written() ==
        "HTTP/1.1 403 Forbidden\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n"
        "Content-Length: 27\r\n\r\n"
        "this origin is not allowed\n");
}

TEST_CASE("early bytes are kept up to their limit") {
  Limits limits;
  limits.early_bytes = 10;
  Machine server(Role::server, limits);
  server.receive(request + "12345");
  server.receive("67890");
  CHECK(server->stage() == Stage::awaiting_answer);
  CHECK(base::as_text(server->early_bytes()) == "1234567890");
  server.receive("x");
  CHECK(server.events.back() == "failed 400 too much before the handshake was answered");
  CHECK(server->stage() == Stage::refused);
  CHECK(server.written().find("HTTP/1.1 400 Bad Request\r\n") == 0);
}

TEST_CASE("a server answers what is not a proper request, unless the caller does") {
  constexpr struct {
    std::string_view input;
    int status;
    Reason reason;
    bool has_head;
  } rows[] = {
      {"\x16\x03\x01", 400, Reason::not_http, false},
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 426, Reason::bad_request, true},
      {"POST / HTTP/1.1\r\nHost: x\r\n\r\n", 405, Reason::bad_request, true},
      {"GET / HTTP/1.1\r\n\r\n", 400, Reason::bad_request, true},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, Reason::bad_request, true},
      {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n", 426, Reason::bad_request, true},
      {"GET / HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key: x\r\n\r\n", 426, Reason::bad_request, true},
  };
  for (const auto& row : rows) {
    for_each_split(row.input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(row.input);
      CAPTURE(name);
      Machine server(Role::server);
      server.receive(pieces);
      CHECK(server.reason == row.reason);
      CHECK(server.has_head == row.has_head);
      CHECK(server->stage() == Stage::refused);
      CHECK(server.written().find("HTTP/1.1 " + std::to_string(row.status)) == 0);
    });
  }
  Machine server(Role::server);
  auto bytes = test::block("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  base::MutableBytes in(bytes);
  CHECK(server->receive(in, server.out).has_value());
  CHECK(server->stage() == Stage::failing);
  CHECK(server->reject(404, {}, base::as_bytes("nothing here"), true, server.out) == Status::ok);
  CHECK(server->stage() == Stage::refused);
  CHECK(server.written() == "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 12\r\n\r\nnothing here");
}

TEST_CASE("the answer to a HEAD is that to a GET without its body") {
  const auto answer = [](std::string method, std::string_view rest, const auto& act) {
    Machine server(Role::server);
    auto bytes = test::block(method + std::string(rest));
    base::MutableBytes in(bytes);
    CHECK(server->receive(in, server.out).has_value());
    act(server);
    static_cast<void>(server->receive(in, server.out));
    CHECK(server->stage() == Stage::refused);
    return server.written();
  };
  const auto by_itself = [](Machine&) {};
  const auto whole = [](Machine& server) {
    CHECK(server->reject(200, {}, base::as_bytes("a page"), true, server.out) == Status::ok);
  };
  const auto chunks = [](Machine& server) {
    CHECK(server->reject(200, {}, base::as_bytes("a "), false, server.out) == Status::ok);
    CHECK(server->reject_data(base::as_bytes("page"), true, server.out) == Status::ok);
  };
  const auto check = [&](std::string_view rest, const auto& act) {
    const std::string got = answer("GET", rest, act);
    const std::string head = got.substr(0, got.find("\r\n\r\n") + 4);
    CHECK(head.size() < got.size());
    CHECK(answer("HEAD", rest, act) == head);
  };
  constexpr std::string_view plain = " / HTTP/1.1\r\nHost: x\r\n\r\n";
  check(plain, by_itself);
  check(plain, whole);
  check(plain, chunks);
  check(" / HTTP/1.1\r\n\r\n", by_itself);
  check(" / HTTP/1.1\r\nno colon\r\n", by_itself);  // not all of it was read
}

TEST_CASE("an answer repeats nothing of the request") {
  for (const std::string_view input :
       {"GET / HTTP/1.1\r\nEvilName: \x01\r\n", "GET / HTTP/1.1\r\nEvilName : x\r\n", "GET /EvilName HTTP/1.1\r\n\r\n",
        "EvilName / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: EvilName\r\nUpgrade: EvilName x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nSec-WebSocket-EvilName: EvilName\r\n\r\n"}) {
    CAPTURE(input);
    Machine server(Role::server);
    server.receive(input);
    const std::string answer = server.written();
    CHECK(answer.find("\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n") !=
          std::string::npos);
    CHECK(answer.find("EvilName") == std::string::npos);
  }
}

TEST_CASE("a refusal that cannot be written fails") {
  Machine server(Role::server, {}, 10);
  server.receive("POST / HTTP/1.1\r\n\r\n");
  CHECK(server->stage() == Stage::failed);
  CHECK(server.out.empty());
}

TEST_CASE("the body of a refusal may come in pieces, chunked or with a length") {
  Machine chunked(Role::server);
  chunked.receive(request);
  CHECK(chunked->reject(401, {}, base::as_bytes("so"), false, chunked.out) == Status::ok);
  CHECK(chunked->stage() == Stage::writing_body);
  CHECK(chunked.receive("ignored").empty());
  CHECK(chunked->reject_data({}, false, chunked.out) == Status::ok);
  CHECK(chunked->reject_data(base::as_bytes("rry"), true, chunked.out) == Status::ok);
  CHECK(chunked->stage() == Stage::refused);
  CHECK(chunked->reject_data({}, true, chunked.out) == Status::wrong_state);
  CHECK(chunked.written() ==
        "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nso\r\n3\r\nrry\r\n0\r\n\r\n");

  Machine sized(Role::server);
  sized.receive(request);
  const http::Headers headers{{"Connection", "x"}, {"Content-Length", "5"}};
  CHECK(sized->reject(401, headers, base::as_bytes("so"), false, sized.out) == Status::ok);
  CHECK(sized->reject_data(base::as_bytes("rry"), true, sized.out) == Status::ok);
  CHECK(sized.written() == "HTTP/1.1 401 Unauthorized\r\nConnection: x\r\nContent-Length: 5\r\n\r\nsorry");
}

TEST_CASE("a full output leaves a refusal unwritten") {
  Machine server(Role::server, {}, 100);
  server.receive(request);
  CHECK(server->reject(401, {}, base::as_bytes(std::string(50, 'x')), false, server.out) == Status::output_full);
  CHECK(server.out.empty());
  CHECK(server->stage() == Stage::awaiting_answer);
  CHECK(server->reject(401, {}, {}, false, server.out) == Status::ok);
  CHECK(server->reject_data(base::as_bytes(std::string(50, 'x')), true, server.out) == Status::output_full);
  CHECK(server->stage() == Stage::writing_body);
  server.written();
  CHECK(server->reject_data(base::as_bytes(std::string(50, 'x')), true, server.out) == Status::ok);
}

TEST_CASE("a request that another stack has read takes the place of one") {
  http::HeadParser parser(http::HeadParser::Kind::request, {});
  base::Bytes in = base::as_bytes(request);
  REQUIRE(parser.receive(in) == http::HeadParser::Progress::done);
  const http::RequestHead head = parser.take_request();

  Machine server(Role::server);
  CHECK(server->receive_request(head) == Status::ok);
  server.receive("early");
  CHECK(server.events == Strings{"request /chat 1"});
  CHECK(base::as_text(server->early_bytes()) == "early");
  CHECK(server->receive_request(head) == Status::wrong_state);
  Machine begun(Role::server);
  begun.receive("GET");
  CHECK(begun->receive_request(head) == Status::wrong_state);
  Machine client(Role::client);
  CHECK(client->receive_request(head) == Status::wrong_state);
}
