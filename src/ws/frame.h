// The frame header as a value, and its encoding (RFC 6455 section 5.2): nothing else writes one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"
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

/// Writes a header to `to`, which has room for max_frame_header bytes, and returns its size. What of the length has no
/// room in `form` is lost, and the opcode may be any of four bits.
inline std::size_t write_frame_header(const FrameHeader& header, LengthForm form, std::byte* to) noexcept {
  const std::uint64_t length = header.length;
  const unsigned first =
      (header.fin ? 0x80U : 0U) | (static_cast<unsigned>(header.rsv) << 4U) | static_cast<unsigned>(header.opcode);
  const unsigned mask_bit = header.mask ? 0x80U : 0U;
  to[0] = static_cast<std::byte>(first);
  std::size_t size = 2;
  if (form == LengthForm::bits_7) {
    to[1] = static_cast<std::byte>(mask_bit | static_cast<unsigned>(length & 0x7f));
  } else if (form == LengthForm::bits_16) {
    to[1] = static_cast<std::byte>(mask_bit | 126U);
    base::store_big_endian(to + 2, static_cast<std::uint16_t>(length));
    size = 4;
  } else {
    to[1] = static_cast<std::byte>(mask_bit | 127U);
    base::store_big_endian(to + 2, length);
    size = 10;
  }
  if (header.mask) {
    std::memcpy(to + size, header.mask->data(), header.mask->size());
    size += header.mask->size();
  }
  return size;
}

/// The same with the length in the shortest form, as every frame that is sent has it: most are short, and there is
/// little to decide then.
inline std::size_t write_frame_header(const FrameHeader& header, std::byte* to) noexcept {
  const LengthForm form = shortest_form(header.length);
  return form == LengthForm::bits_7 ? write_frame_header(header, LengthForm::bits_7, to)
                                    : write_frame_header(header, form, to);
}

}  // namespace wscope::ws
