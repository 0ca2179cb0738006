// Addresses as packets have them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wscope::capture {

/// One side of a TCP connection.
struct Endpoint {
  std::array<std::byte, 16> address{};  ///< of IPv4 the first four bytes
  std::uint16_t port = 0;
  bool is_v6 = false;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// "127.0.0.1:9001", "[::1]:9001" (RFC 5952).
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

}  // namespace wscope::capture
