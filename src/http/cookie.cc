#include "http/cookie.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include <arpa/inet.h>

#include "http/field_syntax.h"
#include "http/headers.h"

namespace wscope::http {
namespace {

constexpr std::size_t longest_cookie = 4096;  // name and value, as browsers have it
constexpr std::string_view http_only = "#HttpOnly_";
constexpr CalendarTime long_ago{};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_address(const std::string& host) noexcept {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

// Section 5.1.3. An address has nothing under it.
bool is_under(const std::string& host, const std::string& domain) noexcept {
  if (!host.ends_with(domain) || host.size() <= domain.size()) return false;
  return host[host.size() - domain.size() - 1] == '.' && !is_address(host);
}

// Section 5.1.4.
bool is_below(std::string_view target, std::string_view path) noexcept {
  const std::string_view asked = target.substr(0, target.find('?'));
  if (!asked.starts_with(path)) return false;
  return asked.size() == path.size() || path.ends_with('/') || asked[path.size()] == '/';
}

std::string default_path(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::size_t end = path.rfind('/');
  return end == 0 || end == std::string_view::npos ? "/" : std::string(path.substr(0, end));
}

std::string domain_name(std::string_view text) {
  if (text.starts_with('.')) text.remove_prefix(1);
  return in_lower_case(std::string(text));
}

bool may_be_sent(std::string_view text) noexcept {
  return is_field_value(text) && text.find(';') == std::string_view::npos;
}

// Takes what stands before `separator`, or all there is, from the front of `text`.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// --- dates

// One to `most` digits at the front of `text`, which others may follow that are no digits.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) noexcept {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits < least || digits > most) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  text.remove_prefix(digits);
  return number;
}

struct Date {
  std::optional<int> day{}, month{}, year{};
  std::optional<std::chrono::seconds> time{};
};

std::optional<std::chrono::seconds> read_time(std::string_view token) noexcept {
  const auto hours = take_number(token, 1, 2);
  if (!hours || !token.starts_with(':')) return std::nullopt;
  token.remove_prefix(1);
  const auto minutes = take_number(token, 1, 2);
  if (!minutes || !token.starts_with(':')) return std::nullopt;
  token.remove_prefix(1);
  const auto seconds = take_number(token, 1, 2);
  if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
}

std::optional<int> read_month(std::string_view token) noexcept {
  constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (begins_ignoring_case(token, months[i])) return static_cast<int>(i + 1);
  }
  return std::nullopt;
}

// Each part is what a token first can be, in this order.
void read_date_token(std::string_view token, Date& date) noexcept {
  if (!date.time && (date.time = read_time(token))) return;
  std::string_view day = token;
  if (!date.day && (date.day = take_number(day, 1, 2))) return;
  if (!date.month && (date.month = read_month(token))) return;
  if (!date.year) date.year = take_number(token, 2, 4);
}

constexpr bool is_date_delimiter(char c) noexcept {
  return c != ':' && !is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && static_cast<unsigned char>(c) < 0x7f;
}

// --- attributes of Set-Cookie

struct Attributes {
  std::optional<CalendarTime> max_age{};
  std::optional<CalendarTime> expires{};
  std::string domain{};
  std::string path{};
  bool secure = false;
};

std::optional<CalendarTime> read_max_age(std::string_view text, CalendarTime now) noexcept {
  constexpr std::int64_t longest = std::int64_t{400} * 24 * 60 * 60;  // as browsers have it
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  std::int64_t age = longest;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), age).ec != std::errc()) age = longest;
  if (negative || age == 0) return long_ago;
  return now + std::chrono::seconds(std::min(age, longest));
}

void read_attribute(std::string_view text, CalendarTime now, Attributes& attributes) {
  const std::string_view name = trim_white_space(take_until(text, '='));
  const std::string_view value = trim_white_space(text);
  if (equals_ignoring_case(name, "Expires")) {
    if (const auto date = parse_cookie_date(value)) attributes.expires = date;
  } else if (equals_ignoring_case(name, "Max-Age")) {
    if (const auto end = read_max_age(value, now)) attributes.max_age = end;
  } else if (equals_ignoring_case(name, "Domain")) {
    attributes.domain = domain_name(value);
  } else if (equals_ignoring_case(name, "Path")) {
    attributes.path = value;
  } else if (equals_ignoring_case(name, "Secure")) {
    attributes.secure = true;
  }
}

// A name that is a promise about the attributes (RFC 6265bis section 4.1.3).
bool keeps_promise(std::string_view name, const Attributes& attributes) {
  if (begins_ignoring_case(name, "__Host-")) {
    return attributes.secure && attributes.domain.empty() && attributes.path == "/";
  }
  return attributes.secure || !begins_ignoring_case(name, "__Secure-");
}

// --- files

std::optional<bool> read_flag(std::string_view text) noexcept {
  if (equals_ignoring_case(text, "TRUE")) return true;
  if (equals_ignoring_case(text, "FALSE")) return false;
  return std::nullopt;
}

// Seconds since 1970, perhaps with a fraction; 0 and nothing at all mean the end of the browser's session.
bool read_expiry(std::string_view text, std::optional<CalendarTime>& expires) noexcept {
  constexpr std::int64_t latest = 253402300799;  // the year 9999
  if (text.empty()) return true;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::invalid_argument) return false;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!rest.empty() && (rest[0] != '.' || !std::all_of(rest.begin() + 1, rest.end(), is_digit))) return false;
  if (error != std::errc()) seconds = text.starts_with('-') ? -1 : latest;
  if (seconds != 0) expires = CalendarTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, -1, latest)));
  return true;
}

}  // namespace

std::optional<CalendarTime> parse_cookie_date(std::string_view text) {
  Date date;
  while (!text.empty()) {
    const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_date_delimiter) - text.begin());
    if (end > 0) read_date_token(text.substr(0, end), date);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!date.day || !date.month || !date.year || !date.time) return std::nullopt;
  int year = *date.year;
  if (year < 100) year += year >= 70 ? 1900 : 2000;
  const std::chrono::year_month_day day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(*date.month)),
                                        std::chrono::day(static_cast<unsigned>(*date.day)));
  if (year < 1601 || !day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + *date.time;
}

std::optional<Cookie> parse_set_cookie(std::string_view value, const Url& from, CalendarTime now) {
  if (!is_field_value(value)) return std::nullopt;
  std::string_view pair = take_until(value, ';');
  if (pair.find('=') == std::string_view::npos) return std::nullopt;
  Cookie cookie;
  cookie.name = trim_white_space(take_until(pair, '='));
  cookie.value = trim_white_space(pair);
  if (cookie.name.empty() || cookie.name.size() + cookie.value.size() > longest_cookie) return std::nullopt;

  Attributes attributes;
  while (!value.empty()) read_attribute(take_until(value, ';'), now, attributes);
  if (!keeps_promise(cookie.name, attributes) || (attributes.secure && !from.secure)) return std::nullopt;
  cookie.domain = from.host;
  if (!attributes.domain.empty() && attributes.domain != from.host) {
    // Nobody speaks for all of "com".
    const bool is_top = attributes.domain.find('.') == std::string::npos;
    if (is_top || !is_under(from.host, attributes.domain)) return std::nullopt;
    cookie.domain = attributes.domain;
  }
  cookie.covers_subdomains = !attributes.domain.empty();
  cookie.path = attributes.path.starts_with('/') ? attributes.path : default_path(from.target);
  cookie.secure = attributes.secure;
  cookie.expires = attributes.max_age ? attributes.max_age : attributes.expires;
  cookie.only_for = Url{from.secure, from.host, from.zone, from.port, "/", std::nullopt};
  return cookie;
}

std::optional<Cookie> parse_cookie_line(std::string_view line) {
  if (line.starts_with(http_only)) line.remove_prefix(http_only.size());
  std::array<std::string_view, 7> fields{};
  const auto tabs = static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
  if (tabs + 1 != fields.size() && tabs + 2 != fields.size()) return std::nullopt;  // an empty value may be left out
  for (std::string_view& field : fields) field = take_until(line, '\t');
  const auto covers_subdomains = read_flag(fields[1]);
  const auto secure = read_flag(fields[3]);
  Cookie cookie;
  cookie.domain = domain_name(fields[0]);
  if (cookie.domain.empty() || !covers_subdomains || !secure) return std::nullopt;
  if (!read_expiry(fields[4], cookie.expires)) return std::nullopt;
  if (!may_be_sent(fields[5]) || !may_be_sent(fields[6])) return std::nullopt;
  cookie.covers_subdomains = *covers_subdomains;
  if (fields[2].starts_with('/')) cookie.path = fields[2];
  cookie.secure = *secure;
  cookie.name = fields[5];
  cookie.value = fields[6];
  if (cookie.name.empty() && cookie.value.empty()) return std::nullopt;
  return cookie;
}

bool is_for(const Cookie& cookie, const Url& url, CalendarTime now) {
  if (cookie.expires && *cookie.expires <= now) return false;
  if (cookie.secure && !url.secure) return false;
  if (cookie.only_for && !same_origin(*cookie.only_for, url)) return false;
  const bool is_host = url.host == cookie.domain || (cookie.covers_subdomains && is_under(url.host, cookie.domain));
  return is_host && is_below(url.target, cookie.path);
}

std::string cookie_pair(const Cookie& cookie) {
  return cookie.name.empty() ? cookie.value : cookie.name + '=' + cookie.value;
}

}  // namespace wscope::http
