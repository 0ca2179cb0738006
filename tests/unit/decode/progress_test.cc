#include "decode/progress.h"

#include <doctest/doctest.h>

using namespace wscope::decode;

TEST_CASE("sizes in words") {
  CHECK(size_in_words(0) == "0 B");
  CHECK(size_in_words(999) == "999 B");
  CHECK(size_in_words(1000) == "1.0 kB");
  CHECK(size_in_words(999'949) == "999.9 kB");
  CHECK(size_in_words(999'950) == "1.0 MB");
  CHECK(size_in_words(std::uint64_t{1} << 30U) == "1.1 GB");
  CHECK(size_in_words(UINT64_MAX) == "18.4 EB");
}

TEST_CASE("progress has a percentage if the end is known") {
  CHECK(progress_in_words(500'000, 2'000'000) == "500.0 kB of 2.0 MB, 25 %");
  CHECK(progress_in_words(5, std::nullopt) == "5 B");
  CHECK(progress_in_words(5, 0) == "5 B");
}
