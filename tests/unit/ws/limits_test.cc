// What is held within the limits that many connections share.
#include "ws/limits.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "unit/ws/reading.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::for_each_split;
using wscope::test::frame;
using wscope::test::Pieces;
using wscope::test::Reading;
using Delivery = MessageReader::Delivery;

namespace {

Limits message_limit(std::uint64_t bytes) {
  Limits limits;
  limits.message = bytes;
  return limits;
}

}  // namespace

TEST_CASE("frames are delivered whole where frames are asked for, and keep their bounds") {
  const std::string input = frame(0x01, "ab") + frame(0x89, "ping") + frame(0x00, "") + frame(0x00, "cde") +
                            frame(0x80, "f") + frame(0x82, "whole");
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    base::Budget budget(1000);
    Reading reading(Role::client, {}, {.whole_up_to = 100, .by_frame = true, .budget = &budget});
    reading.receive(pieces);
    REQUIRE(reading.pieces.size() == 5);
    CHECK(reading.pieces[0].data == "ab");
    CHECK(reading.pieces[1].data.empty());
    CHECK(reading.pieces[2].data == "cde");
    CHECK(reading.pieces[3].data == "f");
    CHECK(reading.pieces[3].finished);
    CHECK(reading.messages == std::vector<std::string>{"text abcdef", "binary whole"});
    CHECK(budget.held() == 0);
  });
}

TEST_CASE("a frame that the budget does not allow comes in pieces from its beginning on, the next one whole again") {
  base::Budget budget(10);
  Reading reading(Role::client, {}, {.whole_up_to = 100, .by_frame = true, .budget = &budget});
  reading.receive(frame(0x02, std::string(11, 'x')).substr(0, 5));
  CHECK(budget.held() == 0);
  CHECK(reading.data() == "xxx");
  reading.receive(frame(0x02, std::string(11, 'x')).substr(5));
  reading.receive(frame(0x80, std::string(10, 'y')).substr(0, 5));
  CHECK(budget.held() == 10);
  reading.receive(frame(0x80, std::string(10, 'y')).substr(5));
  CHECK(reading.messages == std::vector<std::string>{"binary xxxxxxxxxxxyyyyyyyyyy"});
  CHECK(reading.pieces.back().data == std::string(10, 'y'));
}

TEST_CASE("messages that must be whole are failed when the budget allows no more, and take only what has come") {
  base::Budget budget(10'000);
  const Delivery whole{.whole_up_to = 100'000, .budget = &budget};
  Reading first(Role::client, message_limit(100'000), whole);
  first.receive(frame(0x82, std::string(100'000, 'x')).substr(0, 4'000));  // says that it wants more than there is
  CHECK(budget.held() == 4096);
  Reading second(Role::client, message_limit(100'000), whole);
  second.receive(frame(0x02, std::string(5'000, 'y')));
  CHECK(!second.violation);
  second.receive(frame(0x00, std::string(1'000, 'y')));
  CHECK(second.violation == Violation::too_much_held);
  CHECK(!first.violation);
}
