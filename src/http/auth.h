// Basic authentication (RFC 7617), both sides.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/headers.h"

namespace wscope::http {

struct Credentials {
  std::string user;  ///< holds no colon
  std::string password;

  bool operator==(const Credentials&) const = default;
};

/// The value of an Authorization (or Proxy-Authorization) field, in UTF-8.
[[nodiscard]] std::string write_basic_credentials(const Credentials& credentials);

/// What an Authorization value says, or nothing if it is not Basic or malformed.
[[nodiscard]] std::optional<Credentials> parse_basic_credentials(std::string_view value);

/// The schemes that challenges name (RFC 9110 section 11.6.1), in the fields of this name: WWW-Authenticate or
/// Proxy-Authenticate. Each once, as it is written, a few at most; what is no challenge is passed over.
[[nodiscard]] std::vector<std::string> challenge_schemes(const Headers& headers, std::string_view name);

/// The value of a WWW-Authenticate field that asks for Basic credentials for `realm`.
[[nodiscard]] std::string write_basic_challenge(std::string_view realm);

}  // namespace wscope::http
