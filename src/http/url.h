// WebSocket URLs (RFC 6455 section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/auth.h"

namespace wscope::http {

/// A parsed `ws:` or `wss:` URL.
struct Url {
  bool secure = false;      ///< wss
  std::string host;         ///< lower case; an international name in its ASCII form, an IPv6 address without brackets
  std::string zone{};       ///< of an IPv6 address: the interface of this machine that leads there; empty: none
  std::uint16_t port = 80;  ///< never 0
  std::string target;       ///< path and query as they go on the request line; begins with "/"
  std::optional<Credentials> credentials;  ///< percent-decoded userinfo

  /// Host and, unless it is the scheme's default, port: the value of the Host field, an IPv6 address in brackets and
  /// without its zone, which is nobody else's business (RFC 6874 section 4).
  [[nodiscard]] std::string authority() const;
  /// The URL without its credentials, fit for messages.
  [[nodiscard]] std::string text() const;

  bool operator==(const Url&) const = default;
};

/// Scheme, host and port are the same (RFC 6454).
[[nodiscard]] bool same_origin(const Url& a, const Url& b) noexcept;

/// A URL or a reference to one, as it is but without userinfo: fit for messages.
[[nodiscard]] std::string without_userinfo(std::string_view reference);

/// Parses a URL. Characters outside ASCII are percent-encoded in path and query and made an IDNA A-label in the host.
/// Userinfo ends at the last "@"; a user without a password has an empty one. Spaces and control characters, a fragment
/// (section 3 forbids one), another scheme, a missing or impossible host and a bad port are errors of kind usage that
/// say so without quoting any of the URL. An IPv6 zone stands behind %25 (RFC 6874) or, as most write it, behind %.
[[nodiscard]] base::Result<Url> parse_url(std::string_view text);

}  // namespace wscope::http
