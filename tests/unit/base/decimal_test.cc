#include "base/decimal.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a decimal is written in digits, and fits") {
  CHECK(base::parse_decimal("-1.5") == -1.5);
  CHECK(base::parse_decimal("2e3") == 2000.0);
  CHECK(base::parse_decimal(".5") == 0.5);
  for (const char* text : {"", " 1", "1 ", "+1", "0x10", "inf", "nan", "1e999", "1e", "-", ".", "1,5"}) {
    CAPTURE(text);
    CHECK(!base::parse_decimal(text));
  }
}
