#include "decode/text_position.h"

#include <fmt/format.h>

namespace wscope::decode {

std::string quote(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f ? fmt::format("\"{}\"", c) : fmt::format("byte 0x{:02x}", byte);
}

}  // namespace wscope::decode
