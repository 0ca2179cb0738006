#include "ws/frame.h"

#include <cstring>

#include "base/bytes.h"

namespace wscope::ws {
namespace {

// For a form that is known where it is called, there is nothing to decide any more.
[[gnu::always_inline]] inline std::size_t write(const FrameHeader& header, LengthForm form, std::byte* to) noexcept {
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

}  // namespace

// Most frames are short, and every message sent comes by here.
std::size_t write_frame_header(const FrameHeader& header, std::byte* to) noexcept {
  const LengthForm form = shortest_form(header.length);
  return form == LengthForm::bits_7 ? write(header, LengthForm::bits_7, to) : write(header, form, to);
}

std::size_t write_frame_header(const FrameHeader& header, LengthForm form, std::byte* to) noexcept {
  return write(header, form, to);
}

}  // namespace wscope::ws
