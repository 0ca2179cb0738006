#include "http/cookie_jar.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "http/field_syntax.h"

namespace wscope::http {
namespace {

constexpr std::ptrdiff_t most_received = 200;

// Takes the next line from the front of `text`.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  return text;
}

// Empty, or a comment.
bool says_nothing(std::string_view line) noexcept {
  return trim_white_space(line).empty() || (line.starts_with('#') && !line.starts_with("#HttpOnly_"));
}

// What makes a cookie the same one with another value (section 5.3). None of the parts has a tab in it but perhaps the
// last, as a path that an answer sets may have.
std::string identity(const Cookie& cookie) { return cookie.name + '\t' + cookie.domain + '\t' + cookie.path; }

// The cookies of a Cookie field's value.
std::vector<std::string_view> split_pairs(std::string_view text) {
  std::vector<std::string_view> pairs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view pair = trim_white_space(text.substr(0, end));
    if (!pair.empty()) pairs.push_back(pair);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pairs;
}

std::string_view name_of(std::string_view pair) noexcept { return trim_white_space(pair.substr(0, pair.find('='))); }

void append_pair(std::string& value, std::string_view pair) {
  if (!value.empty()) value += "; ";
  value += pair;
}

}  // namespace

bool is_cookie_file(std::string_view text) {
  text = without_byte_order_mark(text);
  if (begins_ignoring_case(text, "# Netscape HTTP Cookie File") || begins_ignoring_case(text, "# HTTP Cookie File")) {
    return true;
  }
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!says_nothing(line) && parse_cookie_line(line)) return true;
  }
  return false;
}

std::vector<std::size_t> CookieJar::add_file(std::string_view text) {
  text = without_byte_order_mark(text);
  std::vector<std::size_t> bad_lines;
  std::unordered_map<std::string, std::size_t> places;  // a file may be long
  for (const Cookie& cookie : cookies_) places.emplace(identity(cookie), places.size());
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (says_nothing(line)) continue;
    auto cookie = parse_cookie_line(line);
    if (!cookie) {
      bad_lines.push_back(number);
      continue;
    }
    const auto [place, is_new] = places.emplace(identity(*cookie), cookies_.size());
    if (is_new) cookies_.emplace_back();
    cookies_[place->second] = std::move(*cookie);  // in the place of the one before it
  }
  return bad_lines;
}

void CookieJar::receive(const Headers& answer, const Url& from, CalendarTime now) {
  for (const Field& field : answer) {
    if (!equals_ignoring_case(field.name, "Set-Cookie")) continue;
    if (auto cookie = parse_set_cookie(field.value, from, now)) store(std::move(*cookie));
  }
  const auto is_received = [](const Cookie& cookie) { return cookie.only_for.has_value(); };
  auto surplus = std::count_if(cookies_.begin(), cookies_.end(), is_received) - most_received;
  std::erase_if(cookies_, [&](const Cookie& cookie) { return is_received(cookie) && surplus-- > 0; });
}

// A cookie keeps its place when it gets another value (section 5.3).
void CookieJar::store(Cookie cookie) {
  const auto old = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& other) {
    return other.name == cookie.name && identity(other) == identity(cookie);
  });
  if (old == cookies_.end()) {
    cookies_.push_back(std::move(cookie));
  } else {
    *old = std::move(cookie);
  }
}

std::string CookieJar::value_for(const Url& url, std::string_view typed, CalendarTime now) const {
  std::vector<const Cookie*> matching;
  std::unordered_set<std::string_view> replaced;  // names of what was typed before an answer said otherwise
  for (const Cookie& cookie : cookies_) {
    const bool goes_along = is_for(cookie, url, now);
    if (goes_along) matching.push_back(&cookie);
    if (!cookie.only_for || !same_origin(*cookie.only_for, url)) continue;
    const bool is_deleted = cookie.expires && *cookie.expires <= now;
    if (goes_along || is_deleted) replaced.insert(cookie.name);
  }
  std::stable_sort(matching.begin(), matching.end(),
                   [](const Cookie* a, const Cookie* b) { return a->path.size() > b->path.size(); });

  std::string value;
  std::unordered_set<std::string_view> typed_names;
  bool any_replaced = false;
  for (const std::string_view pair : split_pairs(typed)) {
    if (replaced.contains(name_of(pair))) {
      any_replaced = true;
    } else {
      append_pair(value, pair);
      typed_names.insert(name_of(pair));
    }
  }
  if (!any_replaced) value = typed;
  for (const Cookie* cookie : matching) {
    if (cookie->only_for || !typed_names.contains(cookie->name)) append_pair(value, cookie_pair(*cookie));
  }
  return value;
}

}  // namespace wscope::http
