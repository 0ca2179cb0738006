// The frame header as a value, and its encoding (RFC 6455 section 5.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ws/mask.h"
#include "ws/opcode.h"

namespace wscope::ws {

inline constexpr std::size_t max_frame_header = 14;      ///< bytes of a header with a 64-bit length and a masking key
inline constexpr std::size_t max_control_payload = 125;  ///< section 5.5

struct FrameHeader {
  std::uint64_t length = 0;  ///< payload bytes on the wire
  std::optional<MaskKey> mask;
  Opcode opcode = Opcode::continuation;
  Rsv rsv = 0;
  bool fin = true;
};

/// Writes a header, its length in the shortest form, to `to`, which has room for max_frame_header bytes. Returns its
/// size.
[[nodiscard]] std::size_t write_frame_header(const FrameHeader& header, std::byte* to) noexcept;

}  // namespace wscope::ws
