// The heads of HTTP/1.x messages: start line and header fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/headers.h"

namespace wscope::http {

struct Version {
  std::uint8_t major = 1;  ///< one digit each, as RFC 9112 section 2.3 writes them
  std::uint8_t minor = 1;

  bool operator==(const Version&) const = default;
};

struct RequestHead {
  std::string method;  ///< case-sensitive (RFC 9110 section 9.1)
  std::string target;  ///< as on the wire, not decoded
  Version version;
  Headers headers;

  bool operator==(const RequestHead&) const = default;
};

struct ResponseHead {
  int status = 0;      ///< 100 to 599
  std::string reason;  ///< may be empty
  Version version;
  Headers headers;

  bool operator==(const ResponseHead&) const = default;
};

/// The standard reason phrase of a status code (RFC 9110 section 15, RFC 6585), or "" for an unknown one.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace wscope::http
