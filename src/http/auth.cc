#include "http/auth.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "http/headers.h"

namespace wscope::http {
namespace {

constexpr std::string_view basic_scheme = "Basic ";

}  // namespace

std::string write_basic_credentials(const Credentials& credentials) {
  return std::string(basic_scheme) + base::base64_encode(base::as_bytes(credentials.user + ':' + credentials.password));
}

std::optional<Credentials> parse_basic_credentials(std::string_view value) {
  if (!equals_ignoring_case(value.substr(0, basic_scheme.size()), basic_scheme)) return std::nullopt;
  const auto decoded = base::base64_decode(value.substr(basic_scheme.size()));
  if (!decoded) return std::nullopt;
  const std::string_view pair = base::as_text(*decoded);
  const std::size_t colon = pair.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Credentials{std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))};
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
