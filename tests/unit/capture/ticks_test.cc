#include "capture/ticks.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using capture::ticks_to_wall_time;

namespace {

std::int64_t nanoseconds(capture::WallTime time) { return time.time_since_epoch() / std::chrono::nanoseconds(1); }

}  // namespace

TEST_CASE("ticks of all resolutions") {
  constexpr std::int64_t second = 1'000'000'000;
  CHECK(nanoseconds(ticks_to_wall_time(7, 0, 0)) == 7 * second);
  CHECK(nanoseconds(ticks_to_wall_time(1'500'000, 6, 0)) == second + second / 2);
  CHECK(nanoseconds(ticks_to_wall_time(1'500'000'001, 9, 0)) == second + second / 2 + 1);
  CHECK(nanoseconds(ticks_to_wall_time(1'500'000'001'999, 12, 0)) == second + second / 2 + 1);
  CHECK(nanoseconds(ticks_to_wall_time(15'000'000'000'000'000'000U, 19, 0)) == second + second / 2);
  CHECK(nanoseconds(ticks_to_wall_time(5, 20, 0)) == 0);
  CHECK(nanoseconds(ticks_to_wall_time(~0ULL, 127, 0)) == 0);
  CHECK(nanoseconds(ticks_to_wall_time(7, 0x80, 0)) == 7 * second);
  CHECK(nanoseconds(ticks_to_wall_time(3, 0x81, 0)) == second + second / 2);
  CHECK(nanoseconds(ticks_to_wall_time(1ULL << 62, 0xbf, 0)) == second / 2);
  CHECK(nanoseconds(ticks_to_wall_time(~0ULL, 0xbf, 0)) == 2 * second - 1);
  CHECK(nanoseconds(ticks_to_wall_time(~0ULL, 0xc0, 0)) == 0);
  CHECK(nanoseconds(ticks_to_wall_time(2'000'000, 6, -1)) == second);
  CHECK(nanoseconds(ticks_to_wall_time(2'000'000, 6, 10)) == 12 * second);
}

TEST_CASE("what has no room is the latest or earliest time that has") {
  CHECK(nanoseconds(ticks_to_wall_time(~0ULL, 0, INT64_MAX)) == 9'000'000'000 * 1'000'000'000);
  CHECK(nanoseconds(ticks_to_wall_time(0, 0, INT64_MIN)) == -9'000'000'000 * 1'000'000'000);
  CHECK(nanoseconds(capture::to_wall_time(1, ~0ULL)) == 101'000'000'000);
}
