// A server that has pages besides: requests that ask for no upgrade, one after the other, and then one that does.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "connection_machine.h"
#include "support/split.h"

using namespace wscope;
using namespace wscope::test;
using ws::Status;

namespace {

ws::Options serving() {
  ws::Options options;
  options.role = ws::Role::server;
  options.open_timeout = 10s;
  options.close_timeout = 5s;
  return options;
}

std::string get(const std::string& target, const std::string& more = "", const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

const std::string upgrade = get("/chat",
                                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

/// A server that answers each visit with its target, and accepts whoever wants an upgrade.
class Server {
 public:
  Server() : connection_(serving(), random_, start) {}

  void receive(base::MutableBytes bytes) {
    CHECK(connection_.receive(bytes) == Status::ok);
    run();
  }
  void run() {
    while (true) {
      while (const auto event = connection_.next_event(start)) take(*event);
      if (!connection_.answering()) return;
      CHECK_FALSE(connection_.wants_input());
      written += base::as_text(connection_.output());
      connection_.consume_output(connection_.output().size());
      CHECK(connection_.next_request(start) == Status::ok);
    }
  }

  std::string written;
  std::vector<std::string> seen;

 private:
  void take(const ws::Event& event) {
    seen.push_back(in_words(event));
    if (std::holds_alternative<ws::Request>(event)) CHECK(connection_.accept(start) == Status::ok);
    const auto* failed = std::get_if<ws::HandshakeFailed>(&event);
    if (failed == nullptr || failed->head == nullptr || failed->status != 426) return;
    seen.back() = failed->head->method + " " + failed->head->target;
    const std::string body = failed->head->target + "\n";
    CHECK(connection_.respond(start, 200, {{"A", "b"}}, base::as_bytes(body), 0, 30s) == Status::ok);
  }

  FixedRandom random_;
  ws::Connection connection_;
};

/// A server whose events are taken one by one: an answer comes before the next.
class OneByOne {
 public:
  OneByOne() : connection_(serving(), random_, start) {}

  ws::Connection* operator->() { return &connection_; }

  /// Bytes, and the first event that comes of them.
  std::string receive(std::string_view bytes) {
    memory_ = block(bytes);
    CHECK(connection_.receive(memory_) == Status::ok);
    return next();
  }
  std::string next() {
    const auto event = connection_.next_event(now_);
    return event ? in_words(*event) : "";
  }
  Strings events() {
    Strings seen;
    for (std::string event = next(); !event.empty(); event = next()) seen.push_back(event);
    return seen;
  }
  Strings advance(base::Duration passed) {
    now_ = start + passed;
    connection_.advance(now_);
    return events();
  }
  Strings end() {
    connection_.receive_eof(now_);
    return events();
  }
  std::string written() {
    std::string bytes(base::as_text(connection_.output()));
    connection_.consume_output(bytes.size());
    return bytes;
  }
  void answer(base::Duration passed = {}, std::uint64_t rest = 0) {
    CHECK(connection_.respond(start + passed, 200, {}, {}, rest, 30s) == Status::ok);
    CHECK(events().empty());
  }

 private:
  FixedRandom random_;
  ws::Connection connection_;
  std::vector<std::byte> memory_;
  base::TimePoint now_ = start;
};

const std::string visited = "handshake failed: this is a WebSocket endpoint, and the request asks for no upgrade";

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("requests for pages are answered in order, and then there is an upgrade, however they arrive") {
  const std::string all = get("/a") + get("/b", "", "HEAD") + "\r\n" + get("/c?d") + upgrade +
                          std::string("\x81\x82", 2) + "\x37\xfa\x21\x3d" + masked("hi");
  for_each_split(all, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Server server;
    for (const base::MutableBytes piece : pieces) server.receive(piece);
    CHECK(server.seen == Strings{"GET /a", "HEAD /b", "GET /c?d", "request", "opened ", "text hi"});
    CHECK(server.written ==
          "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\n/a\n"
          "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\n"
          "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\n/c?d\n");
  });
}

TEST_CASE("a request that is not proper ends what went well before") {
  for (const std::string& bad : {get("/b", "Content-Length: 1\r\n"), std::string("garbage\r\n\r\n"),
                                 get("/b", "Transfer-Encoding: chunked\r\n"), get("/b", "Host: i\r\n")}) {
    OneByOne machine;
    CHECK(machine.receive(get("/a") + bad) == visited);
    machine.answer();
    static_cast<void>(machine.written());
    CHECK(machine->next_request(start) == Status::ok);
    const Strings seen = machine.events();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].find("handshake failed: ") == 0);
    const std::string answer = machine.written();
    CHECK(answer.find("HTTP/1.1 400 Bad Request\r\n") == 0);
    CHECK(count(answer, "Connection: close\r\n") == 1);
    CHECK(machine->wants_half_close());
  }
}

TEST_CASE("the last request is told that it is") {
  const struct {
    std::string request;
    bool last;
  } rows[] = {
      {get("/"), false},
      {get("/", "Connection: keep-alive\r\n"), false},
      {get("/", "Connection: close\r\n"), true},
      {get("/", "Connection: Foo, CLOSE\r\n"), true},
      {get("/", "Connection: ;\r\n"), true},
      {"GET / HTTP/1.0\r\n\r\n", true},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.request);
    OneByOne machine;
    CHECK(machine.receive(row.request + get("/next")) == visited);
    CHECK(machine->respond(start, 404, {}, base::as_bytes("no\n"), 0, 30s) == Status::ok);
    const std::string answer = machine.written();
    CHECK(answer.find("HTTP/1.1 404 Not Found\r\n") == 0);
    CHECK(count(answer, "Connection: close\r\n") == (row.last ? 1 : 0));
    CHECK(machine->next_request(start) == Status::ok);
    CHECK(machine.next() == (row.last ? "" : visited));
    CHECK(machine->wants_half_close() == row.last);
    if (row.last) CHECK(machine.end() == Strings{"closed 1006"});
  }
}

TEST_CASE("a body may come from elsewhere, and not modified is without one") {
  OneByOne machine;
  CHECK(machine.receive(get("/")) == visited);
  CHECK(machine->respond(start, 200, {}, base::as_bytes("head "), 1000, 30s) == Status::ok);
  CHECK(machine.written() == "HTTP/1.1 200 OK\r\nContent-Length: 1005\r\n\r\nhead ");
  CHECK(machine->next_request(start) == Status::ok);
  CHECK(machine.receive(get("/")) == visited);
  CHECK(machine->respond(start, 304, {{"ETag", "\"a\""}}, base::as_bytes("left out"), 0, 30s) == Status::ok);
  CHECK(machine.written() == "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
}

TEST_CASE("each request has its time, an answer that of its progress") {
  OneByOne machine;
  CHECK(machine->deadline() == start + 10s);
  CHECK(machine.receive(get("/")) == visited);
  machine.answer(9s, 10);
  CHECK(machine->deadline() == start + 39s);
  machine->answer_progress(start + 20s, 30s);
  CHECK(machine->deadline() == start + 50s);
  CHECK(machine->next_request(start + 40s) == Status::ok);
  CHECK(machine->deadline() == start + 50s);
  CHECK(machine.advance(49s).empty());
  CHECK(machine.advance(50s) == Strings{"handshake failed: no further request has come", "closed 1006 timed out"});
}

TEST_CASE("an answer that is not taken ends the connection") {
  OneByOne machine;
  CHECK(machine.receive(get("/") + get("/")) == visited);
  machine.answer({}, 10);
  CHECK(machine.advance(29s).empty());
  CHECK(machine.advance(30s) == Strings{"handshake failed: the answer was not taken", "closed 1006 timed out"});
  CHECK(machine->timed_out());
}

TEST_CASE("who closes its half is answered first") {
  OneByOne machine;
  CHECK(machine.receive(get("/a") + get("/b")) == visited);
  machine->receive_eof(start);
  for (int i = 0; i < 2; ++i) {
    machine.answer();
    static_cast<void>(machine.written());
    CHECK(machine->next_request(start) == Status::ok);
    if (i == 0) CHECK(machine.next() == visited);
  }
  CHECK(machine.events() == Strings{"handshake failed: no further request has come", "closed 1006"});
}

TEST_CASE("an answer may be given up") {
  OneByOne machine;
  CHECK(machine.receive(get("/")) == visited);
  machine.answer({}, 10);
  machine->abandon_answer(start);
  CHECK_FALSE(machine->answering());
  CHECK(machine.end() == Strings{"closed 1006"});
}

TEST_CASE("who offers other protocols is answered in this one") {
  OneByOne machine;
  const std::string offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  CHECK(machine.receive(get("/", offer)).find("handshake failed: ") == 0);
  CHECK(machine->respond(start, 200, {}, {}, 0, 30s) == Status::ok);
  CHECK(machine.written() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("only a visit is answered so") {
  for (const std::string& request :
       {upgrade, get("/", "", "POST"), get("/", "Upgrade: h2c, websocket\r\n"),
        get("/", "Upgrade: h2c\r\nSec-WebSocket-Key: x\r\n"), get("/", "Upgrade: ;\r\n"), std::string("x\r\n\r\n")}) {
    OneByOne machine;
    CHECK_FALSE(machine.receive(request).empty());
    CHECK(machine->respond(start, 200, {}, {}, 0, 30s) == Status::wrong_state);
    CHECK(machine->next_request(start) == Status::wrong_state);
    CHECK_FALSE(machine->answering());
  }
  OneByOne machine;
  CHECK(machine.receive(get("/")) == visited);
  CHECK(machine->respond(start, 100, {}, {}, 0, 30s) == Status::bad_header);
  CHECK(machine->respond(start, 200, {{"A", "b\r\nc"}}, {}, 0, 30s) == Status::bad_header);
  CHECK(machine->respond(start, 200, {}, {}, 0, 30s) == Status::ok);
  CHECK(machine->respond(start, 200, {}, {}, 0, 30s) == Status::wrong_state);
}
