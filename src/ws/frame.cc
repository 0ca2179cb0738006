#include "ws/frame.h"

#include <cstring>

#include "base/bytes.h"

namespace wscope::ws {

std::size_t write_frame_header(const FrameHeader& header, std::byte* to) noexcept {
  const unsigned first =
      (header.fin ? 0x80U : 0U) | (static_cast<unsigned>(header.rsv) << 4U) | static_cast<unsigned>(header.opcode);
  const unsigned mask_bit = header.mask ? 0x80U : 0U;
  to[0] = static_cast<std::byte>(first);
  std::size_t size = 2;
  if (header.length <= 125) {
    to[1] = static_cast<std::byte>(mask_bit | static_cast<unsigned>(header.length));
  } else if (header.length <= 0xffff) {
    to[1] = static_cast<std::byte>(mask_bit | 126U);
    base::store_big_endian(to + 2, static_cast<std::uint16_t>(header.length));
    size = 4;
  } else {
    to[1] = static_cast<std::byte>(mask_bit | 127U);
    base::store_big_endian(to + 2, header.length);
    size = 10;
  }
  if (header.mask) {
    std::memcpy(to + size, header.mask->data(), header.mask->size());
    size += header.mask->size();
  }
  return size;
}

}  // namespace wscope::ws
