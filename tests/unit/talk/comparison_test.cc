#include "talk/comparison.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a relation is that of an order") {
  using talk::Relation;
  constexpr auto less = std::strong_ordering::less;
  constexpr auto equal = std::strong_ordering::equal;
  CHECK(talk::is(Relation::less, less));
  CHECK(!talk::is(Relation::less, equal));
  CHECK(talk::is(Relation::at_most, equal));
  CHECK(!talk::is(Relation::greater, equal));
  CHECK(talk::is(Relation::at_least, equal));
  CHECK(talk::is(Relation::equal, equal));
  CHECK(talk::is(Relation::different, less));
}

TEST_CASE("what is no operator may be meant as one") {
  CHECK(talk::hint_behind_value(talk::Source("= 1")) == "== asks whether two values are equal");
  CHECK(talk::hint_behind_value(talk::Source("=~ /x/")) == "~ /.../ asks for a match");
  CHECK(talk::hint_behind_value(talk::Source("&& .b")) == "and");
  CHECK(talk::hint_behind_value(talk::Source("|| .b")) == "or");
  CHECK(talk::hint_behind_value(talk::Source("xor")) == "");
}

TEST_CASE("a test ends where it is whole") {
  talk::Source source(".a == 1  and");
  CHECK(talk::Comparison::read(source));
  CHECK(source.rest() == "  and");
  talk::Source alone(".a  and");
  CHECK(talk::Comparison::read(alone));
  CHECK(alone.rest() == "  and");
}
