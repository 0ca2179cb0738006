#include "check/heard.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

namespace {

constexpr const char* upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

// In pieces of a size, or of sizes that follow from a seed.
void feed(Heard& heard, std::string_view bytes, std::size_t piece, std::uint32_t seed = 0) {
  while (!bytes.empty()) {
    seed = seed * 1664525U + 1013904223U;
    const std::size_t size = seed == 1013904223U ? piece : 1 + (seed >> 24U) % 7;
    const std::string_view part = bytes.substr(0, size);
    bytes.remove_prefix(part.size());
    heard.receive(base::as_bytes(part), {});
  }
}

}  // namespace

TEST_CASE("what it says is the same however it is cut") {
  const std::string all = std::string("HTTP/1.1 100 Continue\r\n\r\n") + upgrade + test::frame(1, "he", false) +
                          test::frame(9, "?") + test::frame(0, "llo") + test::frame(10, "p") +
                          test::close_frame(1001, "bye");
  for (std::uint32_t i = 0; i < 30; ++i) {
    Heard heard(Role::server);
    if (i < 2) {
      std::string_view rest = all;
      while (!rest.empty()) {
        const std::string_view part = rest.substr(0, i == 0 ? all.size() : 1);
        rest.remove_prefix(part.size());
        heard.receive(base::as_bytes(part), {});
      }
    } else {
      feed(heard, all, 1, i);
    }
    CAPTURE(i);
    CHECK(heard.interim() == std::vector<int>{100});
    REQUIRE(heard.answer());
    CHECK(heard.answer()->is_101());
    CHECK(heard.messages() == std::vector<Message>{{false, "hello"}});
    CHECK(heard.pongs() == std::vector<std::string>{"p"});
    REQUIRE(heard.pings().size() == 1);
    REQUIRE(heard.close());
    CHECK(heard.close()->words() == "closed (1001 \"bye\")");
    CHECK(heard.closes() == 1);
    for (std::size_t k = 0; k < invariant_count; ++k) CHECK(!heard.invariants().breach(static_cast<Invariant>(k)));
  }
}

TEST_CASE("a refusal has a body, which ends or not") {
  Heard heard(Role::server);
  feed(heard, "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nhel", 100);
  REQUIRE(heard.answer());
  CHECK(!heard.answer()->whole);
  CHECK(heard.answer()->words() == "403 Forbidden");
  feed(heard, "lo", 1);
  CHECK(heard.answer()->whole);
  CHECK(heard.answer()->body == "hello");
  Heard other(Role::server);
  feed(other, "HTTP/1.1 404 Not Found\r\n\r\nhel", 100);
  other.receive_end(false, {});
  CHECK(other.answer()->whole);
  CHECK(other.answer()->to_the_end);
}

TEST_CASE("another answer on the same connection") {
  Heard heard(Role::server);
  feed(heard, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 100);
  CHECK(heard.answer()->whole);
  heard.expect_answer();
  CHECK(!heard.answer());
  feed(heard, upgrade + test::frame(1, "x"), 100);
  CHECK(heard.answer()->is_101());
  CHECK(heard.messages().size() == 1);
}

TEST_CASE("what is not HTTP is called so") {
  Heard heard(Role::server);
  feed(heard, "SSH-2.0-x\r\n", 100);
  REQUIRE(heard.answer());
  CHECK(!heard.answer()->flaw.empty());
  CHECK(!heard.answer()->is_101());
  Heard lengths(Role::server);
  feed(lengths, "HTTP/1.1 400 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 100);
  CHECK(!lengths.answer()->flaw.empty());
}

TEST_CASE("compressed messages are inflated as its 101 says") {
  Heard heard(Role::server);
  feed(heard, "HTTP/1.1 101 OK\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", 100);
  feed(heard, test::frame(1, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), true, 4), 1);
  CHECK(heard.messages() == std::vector<Message>{{false, "Hello"}});
  CHECK(!heard.invariants().breach(Invariant::rsv));
  feed(heard, test::frame(1, "\xff\xff\xff", true, 4), 1);
  CHECK(heard.invariants().breach(Invariant::honest));
}

TEST_CASE("a client's request is read, and its frames behind it") {
  Heard heard(Role::client);
  feed(heard, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1);
  REQUIRE(heard.request());
  CHECK(heard.request()->target == "/");
  feed(heard, std::string("\x89\x80\x01\x02\x03\x04", 6), 1);
  CHECK(heard.pings().size() == 1);
  CHECK(!heard.invariants().breach(Invariant::mask));
}

TEST_CASE("it is not watched once it was sent what has to fail") {
  Heard heard(Role::server);
  feed(heard, upgrade, 100);
  heard.end_watch();
  feed(heard, test::frame(3, "x"), 100);
  CHECK(!heard.invariants().breach(Invariant::opcode));
}
