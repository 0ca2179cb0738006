#include "ping/schedule.h"

#include <doctest/doctest.h>

#include <chrono>

#include "support/fake_time.h"

using namespace std::chrono_literals;
using namespace wscope;
using ping::Schedule;

TEST_CASE("nothing is due before it begins") {
  const test::FakeTime time;
  const Schedule schedule(1s, std::nullopt);
  CHECK_FALSE(schedule.is_due(time.now(), false));
  CHECK_FALSE(schedule.next());
  CHECK(schedule.has_more());
}

TEST_CASE("times do not drift, and wait for nothing") {
  test::FakeTime time;
  Schedule schedule(1s, std::nullopt);
  const base::TimePoint begin = time.now();
  schedule.begin(begin);
  for (int i = 0; i < 10; ++i) {
    CHECK(schedule.next() == begin + i * 1s);
    CHECK(schedule.is_due(time.now(), true));
    schedule.take(time.now());
    CHECK_FALSE(schedule.is_due(time.now(), false));
    time.pass(begin + (i + 1) * 1s + 7ms - time.now());
  }
}

TEST_CASE("what was slept through is left out, but not after a hitch") {
  test::FakeTime time;
  Schedule schedule(1s, std::nullopt);
  const base::TimePoint begin = time.now();
  schedule.begin(begin);
  schedule.take(time.now());
  time.pass(1h + 200ms);
  CHECK(schedule.is_due(time.now(), false));
  schedule.take(time.now());
  CHECK(schedule.next() == begin + 1h + 1s);
  Schedule fast(100us, std::nullopt);
  fast.begin(time.now());
  time.pass(1ms);
  int due = 0;
  for (; fast.is_due(time.now(), true); ++due) fast.take(time.now());
  CHECK(due == 11);
}

TEST_CASE("without an interval one is due when none is open") {
  test::FakeTime time;
  Schedule schedule(0s, std::nullopt);
  schedule.begin(time.now());
  CHECK(schedule.is_due(time.now(), false));
  schedule.take(time.now());
  CHECK_FALSE(schedule.is_due(time.now(), true));
  CHECK(schedule.is_due(time.now(), false));
  CHECK_FALSE(schedule.next());
}

TEST_CASE("there are so many, or until it is ended") {
  test::FakeTime time;
  Schedule schedule(1s, 2U);
  schedule.begin(time.now());
  schedule.take(time.now());
  CHECK(schedule.has_more());
  time.pass(1s);
  schedule.take(time.now());
  CHECK_FALSE(schedule.has_more());
  CHECK_FALSE(schedule.next());
  Schedule endless(1s, std::nullopt);
  endless.begin(time.now());
  endless.end();
  CHECK_FALSE(endless.has_more());
  CHECK_FALSE(endless.is_due(time.now(), false));
}
