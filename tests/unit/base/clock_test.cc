#include "base/clock.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

using namespace wscope::base;

TEST_CASE("the earlier of two deadlines wins, and an absent one never comes") {
  constexpr TimePoint soon{std::chrono::seconds(1)};
  constexpr TimePoint late{std::chrono::seconds(2)};
  CHECK(earlier(soon, late) == soon);
  CHECK(earlier(late, soon) == soon);
  CHECK(earlier(late, late) == late);
  CHECK(earlier(std::nullopt, late) == late);
  CHECK(earlier(late, std::nullopt) == late);
  CHECK_FALSE(earlier(std::nullopt, std::nullopt).has_value());
}
