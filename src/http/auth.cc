#include "http/auth.h"

#include <algorithm>

#include "base/base64.h"
#include "base/bytes.h"
#include "http/field_syntax.h"

namespace wscope::http {
namespace {

constexpr std::string_view basic_scheme = "Basic";
// More schemes, and longer ones, are of no use to a person.
constexpr std::size_t most_schemes = 8;
constexpr std::size_t longest_scheme = 40;

// Takes what stands before the next comma that is not in quotes off the front of `list`.
std::string_view take_element(std::string_view& list) noexcept {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < list.size() && (quoted || list[end] != ','); ++end) {
    if (quoted && list[end] == '\\' && end + 1 < list.size()) {
      ++end;
    } else if (list[end] == '"') {
      quoted = !quoted;
    }
  }
  const std::string_view element = trim_white_space(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return element;
}

// The scheme that an element begins with; empty if it is a parameter of the challenge before, or nothing.
std::string_view scheme_of(std::string_view element) noexcept {
  const auto end = std::find_if_not(element.begin(), element.end(), is_token_char);
  const std::string_view token = element.substr(0, static_cast<std::size_t>(end - element.begin()));
  const std::string_view rest = element.substr(token.size());
  const bool alone = rest.empty() || !trim_white_space(rest.substr(0, 1)).empty();
  if (alone && !rest.empty()) return "";
  return trim_white_space(rest).starts_with('=') ? "" : token;
}

}  // namespace

std::string write_basic_credentials(const Credentials& credentials) {
  return std::string(basic_scheme) + " " +
         base::base64_encode(base::as_bytes(credentials.user + ':' + credentials.password));
}

std::optional<Credentials> parse_basic_credentials(std::string_view value) {
  if (!begins_ignoring_case(value, basic_scheme)) return std::nullopt;
  value.remove_prefix(basic_scheme.size());
  if (!value.starts_with(' ')) return std::nullopt;
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));  // RFC 9110 section 11.4: one or more
  const auto decoded = base::base64_decode(value);
  if (!decoded) return std::nullopt;
  const std::string_view pair = base::as_text(*decoded);
  const std::size_t colon = pair.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Credentials{std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))};
}

std::vector<std::string> challenge_schemes(const Headers& headers, std::string_view name) {
  std::vector<std::string> schemes;
  for (const auto& [field, value] : headers) {
    if (!equals_ignoring_case(field, name)) continue;
    std::string_view list = value;
    while (!list.empty() && schemes.size() < most_schemes) {
      const std::string_view scheme = scheme_of(take_element(list)).substr(0, longest_scheme);
      const bool known = std::any_of(schemes.begin(), schemes.end(),
                                     [&](const std::string& other) { return equals_ignoring_case(other, scheme); });
      if (!scheme.empty() && !known) schemes.emplace_back(scheme);
    }
  }
  return schemes;
}

std::string write_basic_challenge(std::string_view realm) {
  std::string value = "Basic realm=\"";
  for (const char c : realm) {
    if (c == '"' || c == '\\') value.push_back('\\');
    value.push_back(c);
  }
  return value + "\", charset=\"UTF-8\"";
}

}  // namespace wscope::http
