// Which end of a connection this is.
#pragma once

namespace wscope::tls {

enum class Role : unsigned char { client, server };

/// The other end, in words.
[[nodiscard]] constexpr const char* other_side(Role role) noexcept {
  return role == Role::client ? "the server" : "the client";
}

}  // namespace wscope::tls
