#include "view/hexdump.h"

#include <algorithm>
#include <string_view>

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
    append_hex(bytes.subspan(i, 1), hex);
    hex += ' ';
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

void append_hex(base::Bytes bytes, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t begin = out.size();
  out.resize(begin + 2 * bytes.size());
  char* to = out.data() + begin;
  for (const std::byte byte : bytes) {
    *to++ = digits[std::to_integer<std::size_t>(byte >> 4)];
    *to++ = digits[std::to_integer<std::size_t>(byte & std::byte{0xf})];
  }
}

}  // namespace wscope::view
