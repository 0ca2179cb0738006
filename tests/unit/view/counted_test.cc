#include "view/counted.h"

#include <doctest/doctest.h>

using wscope::view::counted;

TEST_CASE("one is alone, and none is many") {
  CHECK(counted(0, "byte") == "0 bytes");
  CHECK(counted(1, "byte") == "1 byte");
  CHECK(counted(2, "more byte") == "2 more bytes");
}

TEST_CASE("bytes are told in powers of 1000") {
  using wscope::view::in_bytes;
  CHECK(in_bytes(0) == "0 B");
  CHECK(in_bytes(999) == "999 B");
  CHECK(in_bytes(1000) == "1.0 kB");
  CHECK(in_bytes(999'949) == "999.9 kB");
  CHECK(in_bytes(999'950) == "1.0 MB");
  CHECK(in_bytes(2'500'000'000) == "2.5 GB");
  CHECK(in_bytes(7'000'000'000'000'000) == "7.0 PB");
  CHECK(in_bytes(UINT64_MAX) == "18.4 EB");
}

TEST_CASE("a part has a percentage of the whole, if that is known") {
  using wscope::view::part_of_bytes;
  CHECK(part_of_bytes(UINT64_MAX - 1, UINT64_MAX) == "18.4 EB of 18.4 EB, 99 %");
  CHECK(part_of_bytes(500'000, 2'000'000) == "500.0 kB of 2.0 MB, 25 %");
  CHECK(part_of_bytes(20, 10) == "20 B of 10 B, 100 %");  // a file that grows
  CHECK(part_of_bytes(5, std::nullopt) == "5 B");
  CHECK(part_of_bytes(5, 0) == "5 B");
}
