#include "http/origin.h"

#include <utility>

#include "http/headers.h"

namespace wscope::http {

std::string Origin::text() const {
  std::string text = (secure ? "https://" : "http://") + host.in_url();
  if (port != default_port(secure)) text.append(":").append(std::to_string(port));
  return text;
}

std::optional<Origin> parse_origin(std::string_view text) {
  constexpr std::string_view schemes[] = {"http://", "https://"};
  const bool secure = begins_ignoring_case(text, schemes[1]);
  if (!secure && !begins_ignoring_case(text, schemes[0])) return std::nullopt;
  text.remove_prefix(schemes[secure ? 1 : 0].size());
  if (text.ends_with('/')) text.remove_suffix(1);
  auto authority = parse_authority(text);
  if (!authority) return std::nullopt;
  return Origin{secure, std::move(authority->host), authority->port.value_or(default_port(secure))};
}

std::string normalized_origin(std::string_view text) {
  const auto origin = parse_origin(text);
  return origin ? origin->text() : std::string(text);
}

}  // namespace wscope::http
