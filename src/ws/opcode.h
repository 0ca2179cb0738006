// Opcodes, roles and the other small words of RFC 6455 section 5.
#pragma once

#include <cstdint>
#include <string_view>

namespace wscope::ws {

/// Which end of the connection this is: clients mask what they send, servers must not (section 5.1).
enum class Role : std::uint8_t { client, server };

/// Frame opcodes (section 5.2).
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

[[nodiscard]] constexpr bool is_control(Opcode opcode) noexcept { return (static_cast<unsigned>(opcode) & 8U) != 0; }

/// Whether the four bits of a frame's first byte are one of the opcodes above.
[[nodiscard]] constexpr bool is_known_opcode(std::uint8_t bits) noexcept {
  return bits <= 2 || (bits >= 8 && bits <= 10);
}

/// "text", "ping", …
[[nodiscard]] constexpr std::string_view name(Opcode opcode) noexcept {
  switch (opcode) {
    case Opcode::continuation:
      return "continuation";
    case Opcode::text:
      return "text";
    case Opcode::binary:
      return "binary";
    case Opcode::close:
      return "close";
    case Opcode::ping:
      return "ping";
    case Opcode::pong:
      return "pong";
  }
  return "unknown";
}

/// The reserved bits of a frame as a number of three bits: RSV1 is 4, RSV2 is 2, RSV3 is 1.
using Rsv = std::uint8_t;
inline constexpr Rsv rsv1 = 4;
inline constexpr Rsv rsv2 = 2;
inline constexpr Rsv rsv3 = 1;

}  // namespace wscope::ws
