#include "ws/sent_pings.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace std::chrono_literals;

namespace {

constexpr base::TimePoint start{100s};

struct Fixture {
  void add(const std::string& payload, base::Duration after = {}) { pings.add({payload, start + after, false}); }
  /// Whether a Pong answers one of them.
  bool takes(std::string_view payload) { return pings.take(base::as_bytes(payload)).has_value(); }

  ws::SentPings pings;
};

}  // namespace

TEST_CASE("each Pong answers its Ping, once") {
  Fixture fixture;
  CHECK_FALSE(fixture.takes(""));
  fixture.pings.add({"a", start, false});
  fixture.pings.add({"b", start + 1s, true});
  const auto first = fixture.pings.take(base::as_bytes("a"));
  REQUIRE(first.has_value());
  CHECK(first->at == start);
  CHECK_FALSE(first->keepalive);
  const auto second = fixture.pings.take(base::as_bytes("b"));
  REQUIRE(second.has_value());
  CHECK(second->at == start + 1s);
  CHECK(second->keepalive);
  CHECK_FALSE(fixture.takes("a"));
  CHECK_FALSE(fixture.takes("b"));
}

TEST_CASE("of two that are the same the older one is answered first") {
  Fixture fixture;
  fixture.add("same");
  fixture.add("same", 1s);
  CHECK(fixture.pings.take(base::as_bytes("same"))->at == start);
  CHECK(fixture.pings.take(base::as_bytes("same"))->at == start + 1s);
}

TEST_CASE("a Pong answers the Pings before its own, too") {
  Fixture fixture;
  for (const char* payload : {"a", "b", "c"}) fixture.add(payload);
  CHECK(fixture.takes("b"));
  CHECK_FALSE(fixture.takes("a"));
  CHECK(fixture.takes("c"));
}

TEST_CASE("Pings that are never answered are not all remembered") {
  Fixture fixture;
  for (int i = 0; i <= 1000; ++i) fixture.add(std::to_string(i));
  CHECK_FALSE(fixture.takes("0"));
  CHECK(fixture.takes("1"));
}
