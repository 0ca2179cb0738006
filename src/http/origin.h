// Where a web page comes from (RFC 6454): what an Origin field says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/authority.h"

namespace wscope::http {

/// The port of http or, if it is secure, https.
[[nodiscard]] constexpr std::uint16_t default_port(bool secure) noexcept { return secure ? 443 : 80; }

/// An origin of the web. There are others, which are no more than their text: null, file://, those of extensions.
struct Origin {
  bool secure = false;  ///< https
  Host host;
  std::uint16_t port = 80;  ///< never 0

  /// `scheme://host`, and the port unless it is the scheme's.
  [[nodiscard]] std::string text() const;

  bool operator==(const Origin&) const = default;
};

/// Reads `http://host[:port]` or `https://host[:port]`, the authority as parse_authority() has it, with at most one
/// slash behind. Nothing if it is anything else: another scheme, userinfo, a path, a list, an empty value.
[[nodiscard]] std::optional<Origin> parse_origin(std::string_view text);

/// The origin as a browser writes it, if it is one of the web; anything else as it stands.
[[nodiscard]] std::string normalized_origin(std::string_view text);

}  // namespace wscope::http
