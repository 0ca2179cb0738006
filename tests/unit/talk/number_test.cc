#include "talk/number.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope;

namespace {

std::strong_ordering compare(std::string_view left, std::string_view right) {
  return talk::compare(talk::decimal_of(left), talk::decimal_of(right));
}

bool is_integer(std::string_view number) { return talk::is_integer(talk::decimal_of(number)); }

}  // namespace

TEST_CASE("numbers are equal whatever their digits") {
  const std::vector<std::vector<std::string>> equal = {
      {"1", "1.0", "10e-1", "0.1e1", "1e0", "1E+0", "100e-002"},
      {"0", "-0", "0.0", "0e5", "-0.00e-7"},
      {"-12.5", "-125e-1", "-0.0125e3"},
      {"1e99999999999999999999", "10e99999999999999999998", "0.1e100000000000000000000"},
      {"1e-100000000000000000000", "10e-100000000000000000001"},
      {"9007199254740993", "9007199254740993.0"},
  };
  for (const auto& numbers : equal) {
    for (const std::string& left : numbers) {
      for (const std::string& right : numbers) {
        CAPTURE(left);
        CAPTURE(right);
        CHECK(compare(left, right) == 0);
        CHECK(talk::decimal_of(left) == talk::decimal_of(right));
      }
    }
  }
}

TEST_CASE("numbers are in order, beyond what a double can tell apart") {
  const std::vector<std::string> ordered = {"-1e99999999999999999999",
                                            "-9007199254740993",
                                            "-9007199254740992",
                                            "-10",
                                            "-9.99",
                                            "-1e-99999999999999999999",
                                            "0",
                                            "1e-99999999999999999999",
                                            "1e-99999999999999999998",
                                            "0.09",
                                            "0.1",
                                            "0.10000000000000000000000000000000000001",
                                            "0.2",
                                            "1",
                                            "1.5",
                                            "2",
                                            "10",
                                            "9007199254740992",
                                            "9007199254740993",
                                            "1e309",
                                            "1.1e309",
                                            "1e99999999999999999999"};
  for (std::size_t left = 0; left < ordered.size(); ++left) {
    for (std::size_t right = 0; right < ordered.size(); ++right) {
      CAPTURE(ordered[left]);
      CAPTURE(ordered[right]);
      CHECK(compare(ordered[left], ordered[right]) == (left <=> right));
    }
  }
}

TEST_CASE("an integer is one by its value") {
  for (const char* number : {"0", "-3", "1.0", "10e-1", "1.5e1", "1e999999999999999999999", "0e-5", "120e-1"}) {
    CAPTURE(number);
    CHECK(is_integer(number));
  }
  for (const char* number : {"0.5", "-1.25", "1e-1", "15e-1", "1e-999999999999999999999"}) {
    CAPTURE(number);
    CHECK(!is_integer(number));
  }
}

TEST_CASE("a number of a million digits takes a moment") {
  const std::string digits(1'000'000, '7');
  CHECK(compare(digits, digits + "e0") == 0);
  CHECK(compare(digits, "1e1000000") < 0);
  CHECK(compare("1e" + digits, "1e" + digits.substr(1) + "8") < 0);
  CHECK(compare("1e-" + digits, digits) < 0);
}
