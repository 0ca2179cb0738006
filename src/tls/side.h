// Which end of a connection this is.
#pragma once

namespace wscope::tls {

enum class Side : unsigned char { client, server };

/// The other end, in words.
[[nodiscard]] constexpr const char* other_side(Side side) noexcept {
  return side == Side::client ? "the server" : "the client";
}

}  // namespace wscope::tls
