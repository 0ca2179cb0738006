#include "session/pace.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace std::chrono_literals;
using session::Pace;

namespace {

const base::TimePoint start = base::TimePoint() + 100h;

}  // namespace

TEST_CASE("without a number there is no limit") {
  CHECK_FALSE(Pace(0).limits());
  CHECK(Pace(0.5).limits());
}

TEST_CASE("the first message may go at once, the others evenly") {
  Pace pace(4);
  CHECK(pace.next() < start);
  for (int i = 0; i < 10; ++i) {
    const base::TimePoint now = start + i * 250ms;
    CHECK(pace.next() <= now);
    pace.take(now);
    CHECK(pace.next() == now + 250ms);
  }
}

TEST_CASE("what is late does not make others late, and nothing drifts") {
  Pace pace(3);
  base::TimePoint now = start;
  for (int i = 1; i <= 3'000'000; ++i) {
    pace.take(now);
    now = pace.next() + std::chrono::microseconds(i % 999);
  }
  CHECK(pace.next() - start >= 1'000'000s - 1us);
  CHECK(pace.next() - start <= 1'000'000s + 1us);
}

TEST_CASE("less than a second is caught up with, a stall of a second is not") {
  Pace pace(10);
  pace.take(start);
  pace.take(start + 1099ms);
  CHECK(pace.next() == start + 200ms);
  Pace stalled(10);
  stalled.take(start);
  stalled.take(start + 1100ms);
  CHECK(stalled.next() == start + 1200ms);
}

TEST_CASE("less than one a second is a pace, too") {
  Pace pace(0.1);
  pace.take(start);
  CHECK(pace.next() == start + 10s);
  pace.take(start + 10s);
  CHECK(pace.next() == start + 20s);
}
