#include "view/timestamp.h"

#include <ctime>

namespace wscope::view {
namespace {

using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::seconds;

// Writes a number in front of `end`, where there are zeros.
void put_number(std::int64_t value, char* end) noexcept {
  for (; value > 0; value /= 10) *--end = static_cast<char>('0' + value % 10);
}

// Writes a time of day over "00:00:00.000000".
void put_time(std::chrono::hh_mm_ss<microseconds> time, char* text) noexcept {
  put_number(time.hours().count(), text + 2);
  put_number(time.minutes().count(), text + 5);
  put_number(time.seconds().count(), text + 8);
  put_number(time.subseconds().count(), text + 15);
}

}  // namespace

void append_rfc3339(WallTime time, std::string& out) {
  out += "0000-00-00T00:00:00.000000Z";
  char* const text = out.data() + out.size() - 27;
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  put_number(int{date.year()}, text + 4);
  put_number(unsigned{date.month()}, text + 7);
  put_number(unsigned{date.day()}, text + 10);
  put_time(std::chrono::hh_mm_ss(floor<microseconds>(time - day)), text + 11);
}

std::string time_of_day(WallTime time) {
  const auto whole = floor<seconds>(time);
  const std::time_t seconds_since_1970 = std::chrono::system_clock::to_time_t(whole);
  std::tm local{};
  // Of a year that has no number there is no local time.
  if (localtime_r(&seconds_since_1970, &local) == nullptr) gmtime_r(&seconds_since_1970, &local);
  const auto since_midnight =
      std::chrono::hours(local.tm_hour) + std::chrono::minutes(local.tm_min) + seconds(local.tm_sec);
  std::string text = "00:00:00.000000";
  put_time(std::chrono::hh_mm_ss(since_midnight + floor<microseconds>(time - whole)), text.data());
  return text;
}

}  // namespace wscope::view
