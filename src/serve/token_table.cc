#include "serve/token_table.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "http/percent.h"
#include "http/request_target.h"

namespace wscope::serve {
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t shown = 4;
constexpr std::string_view blank = " \t";

bool may_be_in_name(char c) noexcept {
  const char letter = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') || c == '.' || c == '_' || c == '~' || c == '-';
}

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
  return text.substr(0, text.find_last_not_of(blank) + 1);
}

base::Error at_line(std::size_t number, std::string_view why) {
  return base::usage_error("line " + std::to_string(number) + ": " + std::string(why));
}

// What stands behind `token=`, or nothing if that is not there exactly once.
std::optional<std::string_view> token_parameter(std::string_view query, bool& given) {
  constexpr std::string_view key = "token=";
  std::optional<std::string_view> found;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    if (!parameter.starts_with(key) && parameter != "token") continue;
    if (std::exchange(given, true)) return std::nullopt;
    found = parameter.substr(std::min(key.size(), parameter.size()));
  }
  return found;
}

}  // namespace

bool is_token_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), may_be_in_name);
}

// Of a short one, not all that there is.
std::string shown_token(std::string_view name) {
  return std::string(name.substr(0, std::min(shown, name.size() / 2))) + "\u2026";
}

std::optional<std::string> token_of(std::string_view request_target) {
  const auto target = http::split_target(request_target);
  if (!target) return std::nullopt;
  const std::string_view path = target->path();
  const std::string_view all = target->path_and_query;
  bool given = false;
  auto encoded = token_parameter(all.substr(std::min(path.size() + 1, all.size())), given);
  if (!given) encoded = path.substr(path.rfind('/') + 1);
  if (!encoded) return std::nullopt;
  auto token = http::percent_decode(*encoded);
  if (!token || !is_token_name(*token)) return std::nullopt;
  return token;
}

base::Result<TokenTable> TokenTable::parse(std::string_view text) {
  TokenTable table;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return at_line(number, "not NAME: TARGET");
    const std::string_view name = trimmed(line.substr(0, colon));
    if (!is_token_name(name)) return at_line(number, "a name has 1 to 128 letters, digits and . _ ~ -");
    const std::string_view target_text = trimmed(line.substr(colon + 1));
    auto target = parse_target_or_address(target_text);
    if (!target) return at_line(number, target.error().message);
    const bool is_new = table.targets_.emplace(tls::sha256(base::as_bytes(name)), std::move(target).value()).second;
    if (!is_new) return at_line(number, "a name that an earlier line has");
  }
  return table;
}

const Target* TokenTable::find(std::string_view token) const {
  const auto found = targets_.find(tls::sha256(base::as_bytes(token)));
  return found != targets_.end() ? &found->second : nullptr;
}

}  // namespace wscope::serve
