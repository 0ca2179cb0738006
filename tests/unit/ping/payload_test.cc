#include "ping/payload.h"

#include <doctest/doctest.h>

#include "unit/ping/pinging.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::string_literals;
using As = ping::PingPlan::As;

namespace {

std::string first(std::size_t size, As as = As::ping) {
  CountingRandom random;
  const ping::PingPlan plan{.size = size, .as = as};
  ping::Payload payload(plan, random);
  return payload_of(payload, 0x01020304);
}

talk::Template text(std::string_view typed) { return *talk::Template::parse(typed); }

}  // namespace

TEST_CASE("a payload is the number, what tells runs apart, and a filler") {
  CHECK(first(8) == "\1\2\3\4\1\2\3\4");
  CHECK(first(11) == "\1\2\3\4\1\2\3\4\10\11\12");
  CHECK(first(6) == "\1\2\3\4\1\2");
  CHECK(first(4) == "\1\2\3\4");
  CHECK(first(1) == "\4");
  CHECK(first(0).empty());
  CHECK(first(125).size() == 125);
  CHECK(first(8, As::text) == "0102030401020304");
}

TEST_CASE("every payload is found again, and nothing else is") {
  for (const As as : {As::ping, As::text}) {
    for (std::size_t size = 0; size <= ping::longest_payload; ++size) {
      CountingRandom random;
      const ping::PingPlan plan{.size = size, .as = as};
      ping::Payload payload(plan, random);
      const auto made = payload.make(7, {});
      REQUIRE(made.ok());
      CHECK(payload.key_of(base::as_bytes(made->bytes)) == made->key);
      CHECK_FALSE(payload.key_of(base::as_bytes(made->bytes + "x")));
      if (size > 8) {
        std::string other = made->bytes;
        other.back() = other.back() == '0' ? '1' : '0';
        CHECK_FALSE(payload.key_of(base::as_bytes(other)));
      }
      if (size > 0 && as == As::text) CHECK_FALSE(payload.key_of(base::as_bytes(std::string(2 * size, 'g'))));
    }
  }
  CountingRandom random;
  const ping::PingPlan plan{.size = 8, .as = As::text};
  ping::Payload payload(plan, random);
  CHECK_FALSE(payload.key_of(base::as_bytes("00000001010203AB")));  // an equal text is the answer
}

TEST_CASE("a template is filled in, and found again as it was") {
  CountingRandom random;
  const ping::PingPlan plan{.as = As::text, .text = text(R"({"id":{{seq|json}},"n":"{{seq}}"})")};
  ping::Payload payload(plan, random);
  const auto made = payload.make(12, {});
  REQUIRE(made.ok());
  CHECK(made->bytes == R"({"id":12,"n":"12"})");
  CHECK(payload.longest() == made->bytes.size());
  CHECK(payload.key_of(base::as_bytes(made->bytes)) == made->key);
  CHECK(payload.make(13, {})->key != made->key);
  CHECK(payload.key_of(base::as_bytes("else")) != made->key);
}

TEST_CASE("a name that stands for nothing is an error") {
  CountingRandom random;
  const ping::PingPlan plan{.as = As::text, .text = text("{{nothing}}")};
  ping::Payload payload(plan, random);
  const auto made = payload.make(1, {});
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().kind == base::ErrorKind::expectation);
}
