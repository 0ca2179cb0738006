#include "report/message_stamp.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace std::chrono_literals;
using report::MessageStamp;
using report::Timestamps;

namespace {

const base::TimePoint start = base::TimePoint() + 100h;
const view::WallTime wall = view::WallTime() + std::chrono::hours(24 * 365) + 1234567us;

}  // namespace

TEST_CASE("nothing stands in front unless it is wanted") {
  MessageStamp stamp(Timestamps::off);
  CHECK_FALSE(stamp.shown());
  CHECK(stamp.next(start, wall).empty());
}

TEST_CASE("the time of day is that of the world, to the microsecond") {
  MessageStamp stamp(Timestamps::absolute);
  CHECK(stamp.shown());
  CHECK(stamp.next(start, wall) == "1971-01-01T00:00:01.234567Z ");
}

TEST_CASE("a message is told from the one before, the first from the first open") {
  MessageStamp stamp(Timestamps::relative);
  stamp.begin(start);
  stamp.begin(start + 1s);
  CHECK(stamp.next(start + 41213us, wall) == "+0.041213 ");
  stamp.begin(start + 1s);
  CHECK(stamp.next(start + 41213us, wall) == "+0.000000 ");
  CHECK(stamp.next(start + 1h, wall) == "+3599.958787 ");
}
