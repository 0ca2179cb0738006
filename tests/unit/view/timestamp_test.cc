#include "view/timestamp.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <string>

using namespace std::chrono_literals;
using wscope::view::time_of_day;
using wscope::view::WallTime;

namespace {

std::string rfc3339(WallTime time) {
  std::string text;
  wscope::view::append_rfc3339(time, text);
  return text;
}

WallTime at(std::chrono::microseconds since_1970) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(since_1970));
}

// Sets the time zone of the process for as long as it lives.
class TimeZone {
 public:
  explicit TimeZone(const char* zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~TimeZone() {
    before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
    ::tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("a time is written as RFC 3339 in UTC with microseconds") {
  CHECK(rfc3339(at(1'795'165'921'123'456us)) == "2026-11-20T09:12:01.123456Z");
  CHECK(rfc3339(at(0us)) == "1970-01-01T00:00:00.000000Z");
  CHECK(rfc3339(at(1us)) == "1970-01-01T00:00:00.000001Z");
  CHECK(rfc3339(at(951'868'799'999'999us)) == "2000-02-29T23:59:59.999999Z");
  CHECK(rfc3339(at(4'107'542'400'000'000us)) == "2100-03-01T00:00:00.000000Z");  // no leap year
  CHECK(rfc3339(at(-1us)) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("what is finer than a microsecond is cut off") {
  CHECK(rfc3339(WallTime(1'999ns)) == "1970-01-01T00:00:00.000001Z");
  CHECK(rfc3339(WallTime(-1ns)) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("a time is appended to what is there") {
  std::string text = "at ";
  wscope::view::append_rfc3339(at(0us), text);
  CHECK(text == "at 1970-01-01T00:00:00.000000Z");
}

TEST_CASE("the time of day is local") {
  const WallTime time = at(1'795'165'921'123'456us);
  SUBCASE("in UTC") {
    const TimeZone zone("UTC0");
    CHECK(time_of_day(time) == "09:12:01.123456");
    CHECK(time_of_day(at(-1us)) == "23:59:59.999999");
  }
  SUBCASE("east of it") {
    const TimeZone zone("EAST-05:30");
    CHECK(time_of_day(time) == "14:42:01.123456");
    CHECK(time_of_day(at(18h + 29min + 59s)) == "23:59:59.000000");
    CHECK(time_of_day(at(18h + 30min)) == "00:00:00.000000");
  }
  SUBCASE("west of it") {
    const TimeZone zone("WEST10");
    CHECK(time_of_day(time) == "23:12:01.123456");
  }
}

TEST_CASE("what is written in UTC can be read again") {
  using wscope::view::parse_rfc3339;
  for (const auto time : {0us, 1'795'165'921'123'456us, 951'782'400'000'000us, 4'102'444'799'999'999us}) {
    CHECK(parse_rfc3339(rfc3339(at(time))) == at(time));
  }
  CHECK(parse_rfc3339("1970-01-01T00:00:01Z") == at(1s));
  CHECK(parse_rfc3339("1970-01-01T00:00:00.5Z") == at(500ms));
  for (const char* const wrong :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-13-01T00:00:00Z",
        "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01 00:00:00Z", "1970-01-01T00:00:00+01:00",
        "1970-01-01T00:00:00Zx", "x970-01-01T00:00:00Z"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_rfc3339(wrong).has_value());
  }
}
