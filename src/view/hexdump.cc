#include "view/hexdump.h"

#include <algorithm>

#include <fmt/format.h>

namespace wscope::view {
namespace {

constexpr std::size_t bytes_per_line = 16;

void append_line(std::string& out, base::Bytes bytes, std::uint64_t offset) {
  std::string hex;
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = std::to_integer<unsigned char>(bytes[i]);
    if (i == bytes_per_line / 2) hex += ' ';
    hex += fmt::format("{:02x} ", byte);
    text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
  }
  out += fmt::format("  {:04x}  {:<50}|{}|\n", offset, hex, text);
}

}  // namespace

std::string hexdump(base::Bytes bytes, std::uint64_t offset) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), bytes_per_line);
    append_line(out, bytes.first(size), offset);
    bytes = bytes.subspan(size);
    offset += size;
  }
  return out;
}

}  // namespace wscope::view
