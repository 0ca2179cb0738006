#include "wire/header_parser.h"

#include <cstdint>
#include <cstring>

#include "ws/frame.h"
#include "ws/mask.h"

namespace wscope::wire {
namespace {

constexpr unsigned mask_bit = 0x80;

ws::LengthForm form_of(unsigned second_byte) noexcept {
  const unsigned length = second_byte & 0x7fU;
  return length == 127 ? ws::LengthForm::bits_64 : length == 126 ? ws::LengthForm::bits_16 : ws::LengthForm::bits_7;
}

std::size_t size_of(ws::LengthForm form) noexcept {
  return form == ws::LengthForm::bits_64 ? 8 : form == ws::LengthForm::bits_16 ? 2 : 0;
}

}  // namespace

std::size_t header_size(base::Bytes bytes) noexcept {
  if (bytes.size() < 2) return 2;
  const auto second = std::to_integer<unsigned>(bytes[1]);
  return 2 + size_of(form_of(second)) + ((second & mask_bit) != 0 ? sizeof(ws::MaskKey) : 0);
}

Header parse_header(base::Bytes bytes) noexcept {
  const auto first = std::to_integer<unsigned>(bytes[0]);
  const auto second = std::to_integer<unsigned>(bytes[1]);
  const std::byte* const behind = bytes.data() + 2;
  Header header;
  header.opcode = static_cast<std::uint8_t>(first & 0x0fU);
  header.fin = (first & 0x80U) != 0;
  header.rsv = static_cast<ws::Rsv>(first >> 4U & 7U);
  header.form = form_of(second);
  header.length = header.form == ws::LengthForm::bits_64   ? base::load_big_endian<std::uint64_t>(behind)
                  : header.form == ws::LengthForm::bits_16 ? base::load_big_endian<std::uint16_t>(behind)
                                                           : second & 0x7fU;
  if ((second & mask_bit) != 0) {
    std::memcpy(header.mask.emplace().data(), behind + size_of(header.form), sizeof(ws::MaskKey));
  }
  return header;
}

}  // namespace wscope::wire
