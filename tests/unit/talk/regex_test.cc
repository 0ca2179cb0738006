#include "talk/regex.h"

#include <doctest/doctest.h>

#include "unit/talk/talking.h"

using namespace wscope;

TEST_CASE("an expression between slashes ends with its flags") {
  talk::Source source("/a\\/(b)/is x");
  const auto regex = talk::Regex::read(source);
  REQUIRE(regex);
  CHECK(source.rest() == " x");
  CHECK(regex->pattern().matches(base::as_bytes("A/B")));
  CHECK(regex->pattern().group_count() == 1);
  CHECK(!regex->has_names());
}

TEST_CASE("a value in an expression stands for its characters") {
  talk::Source source("/^{{x}}+$/", talk::Source::Names::filled_in);
  const auto regex = talk::Regex::read(source);
  REQUIRE(regex);
  CHECK(regex->has_names());
  const auto filled = regex->fill(test::KnownNames({{"x", test::text_value("(a)")}}));
  REQUIRE(filled.ok());
  CHECK(filled->pattern().matches(base::as_bytes("(a))")));
  CHECK(!filled->pattern().matches(base::as_bytes("a")));
  CHECK(!regex->fill(test::KnownNames{}).ok());
}
