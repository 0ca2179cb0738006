#include "base/budget.h"

#include <doctest/doctest.h>

using wscope::base::Budget;

TEST_CASE("a budget allows what is left of it") {
  Budget budget(10);
  CHECK(budget.allows(10));
  CHECK(!budget.allows(11));
  budget.take(4);
  CHECK(budget.held() == 4);
  CHECK(budget.allows(6));
  CHECK(!budget.allows(7));
  budget.give_back(3);
  CHECK(budget.allows(9));
  CHECK(!budget.allows(UINT64_MAX));
}

TEST_CASE("more than there should be can be taken, and then nothing more is allowed") {
  Budget budget(10);
  budget.take(12);
  CHECK(budget.held() == 12);
  CHECK(!budget.allows(0));
  budget.give_back(2);
  CHECK(budget.allows(0));
  CHECK(!budget.allows(1));
}

TEST_CASE("a part counts in the whole, and allows no more than the whole does") {
  Budget whole(10);
  Budget part(6, &whole);
  part.take(2);
  CHECK(whole.held() == 2);
  CHECK(part.allows(4));
  CHECK(!part.allows(5));
  whole.take(6);
  CHECK(part.allows(2));
  CHECK(!part.allows(3));
  part.give_back(2);
  CHECK(whole.held() == 6);
}
