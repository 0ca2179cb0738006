// The frame header as a value, and its encoding (RFC 6455 section 5.2): nothing else writes one.
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

/// Where a header has its length: in seven bits of its second byte, or in 16 or 64 bits of their own.
enum class LengthForm : std::uint8_t { bits_7, bits_16, bits_64 };

/// The only form in which an endpoint may send this length.
[[nodiscard]] constexpr LengthForm shortest_form(std::uint64_t length) noexcept {
  return length <= 125 ? LengthForm::bits_7 : length <= 0xffff ? LengthForm::bits_16 : LengthForm::bits_64;
}

/// Writes a header, its length in the shortest form, to `to`, which has room for max_frame_header bytes. Returns its
/// size.
[[nodiscard]] std::size_t write_frame_header(const FrameHeader& header, std::byte* to) noexcept;

/// The same in any form; what of the length has no room in it is lost. The opcode may be any of four bits.
[[nodiscard]] std::size_t write_frame_header(const FrameHeader& header, LengthForm form, std::byte* to) noexcept;

}  // namespace wscope::ws
