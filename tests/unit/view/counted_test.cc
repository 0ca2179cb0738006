#include "view/counted.h"

#include <doctest/doctest.h>

using wscope::view::counted;

TEST_CASE("one is alone, and none is many") {
  CHECK(counted(0, "byte") == "0 bytes");
  CHECK(counted(1, "byte") == "1 byte");
  CHECK(counted(2, "more byte") == "2 more bytes");
}
