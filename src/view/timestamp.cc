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

// A number of so many digits, which are taken from the front of `text`; -1: there is none.
int take_number(std::string_view& text, std::size_t digits) noexcept {
  if (text.size() < digits) return -1;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Behind a point, up to nine digits.
std::optional<std::chrono::nanoseconds> take_fraction(std::string_view& text) noexcept {
  if (!take(text, '.')) return std::chrono::nanoseconds(0);
  std::int64_t fraction = 0;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9' && digits < 9; ++digits) {
    fraction = fraction * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 9; ++digits) fraction *= 10;
  return std::chrono::nanoseconds(fraction);
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  const int year = take_number(text, 4);
  const bool has_month = take(text, '-');
  const int month = take_number(text, 2);
  const bool has_day = take(text, '-');
  const int day = take_number(text, 2);
  if (year < 0 || month < 0 || day < 0 || !has_month || !has_day || !take(text, 'T')) return std::nullopt;
  const int hour = take_number(text, 2);
  const bool has_minute = take(text, ':');
  const int minute = take_number(text, 2);
  const bool has_second = take(text, ':');
  const int second = take_number(text, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!has_minute || !has_second || !fraction || text != "Z") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto whole =
      std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
  return whole + std::chrono::duration_cast<WallTime::duration>(*fraction);
}

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
