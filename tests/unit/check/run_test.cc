#include "check/run.h"

#include <doctest/doctest.h>

#include "check/suite.h"

using namespace wscope;
using namespace wscope::check;

TEST_CASE("the list has a line for each case") {
  const auto cases =
      select_cases({.only = {"hs.basic", "frame.text-0", "ctl.ping-flood"}, .aggressive = true}, Role::server, false);
  REQUIRE(cases.ok());
  const std::string text = list_of_cases(*cases, false);
  CHECK(text.find("hs.basic ") == 0);
  CHECK(text.find("(echo)\n") != std::string::npos);
  CHECK(text.find("(aggressive)\n") != std::string::npos);
  const std::string json = list_of_cases(*cases, true);
  CHECK(json.find(R"x({"id":"hs.basic","roles":"S","level":"must","rfc":"4.2.2 (5)","echo":false)x") == 0);
}
