#include "link/patience.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace wscope;
using namespace std::chrono_literals;

namespace {

constexpr base::TimePoint begin = base::TimePoint() + 1h;

constexpr link::Patience::Options options = {
    .most_for_one = 1000, .kept_for_one = 1000, .grace = 100ms, .stuck_after = 30s};

using Numbers = std::vector<link::ConnectionNumber>;

}  // namespace

TEST_CASE("a client that is a little behind is not read until it has its answers") {
  base::Budget budget(10'000);
  link::Patience patience(options, budget);
  CHECK(patience.empty());
  CHECK(!patience.deadline());
  CHECK(!patience.may_read(1, 100, 10, begin));
  CHECK(!patience.empty());
  CHECK(patience.deadline() == begin + 100ms);
  // As long as it takes something, however little.
  for (int i = 1; i < 50; ++i) CHECK(!patience.may_read(1, 100U - static_cast<unsigned>(i), 10, begin + i * 99ms));
  patience.forget(1);
  CHECK(patience.empty());
  CHECK(patience.due(begin + 1h).empty());
  CHECK(!patience.deadline());
}

TEST_CASE("one that takes nothing for a while may go on, up to the limit") {
  base::Budget budget(10'000);
  link::Patience patience(options, budget);
  CHECK(!patience.may_read(1, 100, 10, begin));
  CHECK(patience.due(begin + 99ms).empty());
  CHECK(patience.due(begin + 100ms) == Numbers{1});
  CHECK(patience.may_read(1, 100, 10, begin + 100ms));
  CHECK(patience.may_read(1, 999, 10, begin + 101ms));
  CHECK(!patience.may_read(1, 1000, 10, begin + 102ms));
  CHECK(!patience.may_read(1, 900, 10, begin + 103ms));  // it reads: no need for more
  CHECK(patience.may_read(1, 900, 10, begin + 203ms));
}

TEST_CASE("an hour of silence before does not count as patience") {
  base::Budget budget(10'000);
  link::Patience patience(options, budget);
  CHECK(!patience.may_read(1, 100, 10, begin));
  patience.forget(1);
  CHECK(!patience.may_read(1, 100, 10, begin + 1h));
  CHECK(!patience.is_stuck(1, begin + 1h));
  CHECK(patience.deadline() == begin + 1h + 100ms);
}

TEST_CASE("what a client gets is no sign that it reads") {
  base::Budget budget(10'000);
  link::Patience patience(options, budget);
  CHECK(!patience.may_read(1, 100, 10, begin));
  CHECK(patience.may_read(1, 100, 10, begin + 100ms));
  patience.add(1, 300);
  CHECK(!patience.may_read(1, 250, 10, begin + 110ms));  // 50 of them are gone
  patience.add(2, 300);                                  // nobody waits for that one
  patience.forget(1);
  CHECK(patience.empty());
}

TEST_CASE("a client that stays stuck is named once, and again if it was stuck before and went on") {
  base::Budget budget(10'000);
  link::Patience patience(options, budget);
  CHECK(!patience.may_read(1, 1000, 10, begin));
  CHECK(patience.due(begin + 100ms) == Numbers{1});
  CHECK(!patience.may_read(1, 1000, 10, begin + 100ms));
  CHECK(!patience.is_stuck(1, begin + 100ms));
  CHECK(patience.deadline() == begin + 30s);
  CHECK(!patience.is_stuck(1, begin + 30s - 1ms));
  CHECK(patience.due(begin + 30s) == Numbers{1});
  CHECK(!patience.may_read(1, 1000, 10, begin + 30s));
  CHECK(patience.is_stuck(1, begin + 30s));
  CHECK(!patience.is_stuck(1, begin + 1h));
  CHECK(!patience.may_read(1, 1000, 10, begin + 1h));
  CHECK(patience.due(begin + 2h).empty());
  CHECK(!patience.deadline());  // nothing more will be said
  CHECK(!patience.may_read(1, 999, 10, begin + 2h));
  CHECK(!patience.is_stuck(1, begin + 2h));
  CHECK(patience.is_stuck(1, begin + 3h));
  CHECK(!patience.is_stuck(7, begin + 3h));
}

TEST_CASE("when memory runs short, the rest is kept for one after the other") {
  base::Budget budget(3000);
  link::Patience patience(options, budget);
  for (const link::ConnectionNumber number : {1U, 2U, 3U}) CHECK(!patience.may_read(number, 500, 10, begin));
  const base::TimePoint later = begin + 100ms;
  budget.take(1500);
  CHECK(patience.may_read(1, 500, 500, later));
  budget.take(500);
  CHECK(patience.may_read(2, 500, 500, later));  // what is left is kept for this one now
  budget.take(500);
  CHECK(!patience.may_read(1, 900, 100, later));
  CHECK(!patience.may_read(3, 500, 100, later));
  CHECK(patience.may_read(3, 500, 0, later));  // needs no more than it has
  CHECK(!patience.may_read(3, 500, 100, later));
  CHECK(patience.may_read(2, 900, 500, later));
  CHECK(!patience.may_read(2, 900, 501, later));
  budget.take(500);
  CHECK(patience.due(later + 100ms) == Numbers{1, 2, 3});
  budget.give_back(1000);
  patience.forget(2);
  CHECK(patience.may_read(1, 900, 100, later + 100ms));
  CHECK(!patience.may_read(3, 500, 100, later + 100ms));
}
