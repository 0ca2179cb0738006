#include "serve/www_conditions.h"

#include <array>

#include <fmt/format.h>

#include "http/cookie.h"

namespace wscope::serve {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void skip(std::string_view& text, std::string_view what) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(what), text.size()));
}

// Takes an entity tag with its quotes, and without what says that it is weak; empty: there is none.
std::string_view take_tag(std::string_view& text) noexcept {
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (!text.starts_with('"')) return {};
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return {};
  const std::string_view tag = text.substr(0, end + 1);
  text.remove_prefix(end + 1);
  return tag;
}

}  // namespace

std::string entity_tag(std::uint64_t size, FileTime changed) {
  return fmt::format("\"{}-{}\"", size, changed.time_since_epoch().count());
}

std::string write_http_date(FileTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  constexpr std::string_view separators = " \t,";
  skip(if_none_match, " \t");
  if (if_none_match.starts_with('*')) {
    skip(if_none_match, "* \t");
    return if_none_match.empty();
  }
  for (skip(if_none_match, separators); !if_none_match.empty(); skip(if_none_match, separators)) {
    const std::string_view other = take_tag(if_none_match);
    if (other.empty()) return false;
    if (other == tag) return true;
  }
  return false;
}

bool is_not_modified(const http::Headers& request, std::string_view tag, FileTime changed) {
  if (const auto tags = request.joined("If-None-Match")) return names_tag(*tags, tag);
  const auto since = request.joined("If-Modified-Since");
  if (!since) return false;
  const auto date = http::parse_cookie_date(*since);  // which takes all three forms of HTTP's dates
  return date && std::chrono::floor<std::chrono::seconds>(changed) <= std::chrono::floor<std::chrono::seconds>(*date);
}

}  // namespace wscope::serve
