#include "view/hexdump.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace wscope::view {
namespace {

// How much of a line's hexadecimal part stands for so many bytes.
std::size_t width(std::size_t bytes) noexcept {
  if (bytes == 0) return 0;
  return 3 * bytes - 1 + (bytes > bytes_per_line / 2 ? 1 : 0);
}

void append_line(std::string& out, base::Bytes bytes, std::uint64_t offset, const Style& style,
                 std::size_t header_size) {
  std::string hex;
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = std::to_integer<unsigned char>(bytes[i]);
    if (i == bytes_per_line / 2) hex += ' ';
    append_hex(bytes.subspan(i, 1), hex);
    hex += ' ';
    text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
  }
  hex.resize(50, ' ');
  out += "  ";
  style.append(Meaning::offset, fmt::format("{:04x}", offset), out);
  out += "  ";
  const std::size_t of_header = width(std::min(bytes.size(), header_size));
  style.append(Meaning::header_bytes, std::string_view(hex).substr(0, of_header), out);
  out += fmt::format("{}|{}|\n", std::string_view(hex).substr(of_header), text);
}

// The line under that of `size` bytes from `offset` on; nothing if there is nothing to be marked.
void append_marks(std::string& out, std::uint64_t offset, std::size_t size, const Style& style,
                  std::span<const Mark> marks) {
  std::string line;
  for (const Mark& mark : marks) {
    for (std::size_t i = 0; i < size; ++i) {
      if (offset + i < mark.offset || offset + i - mark.offset >= mark.size) continue;
      const std::size_t column = width(i) + (i == 0 ? 0 : i == bytes_per_line / 2 ? 2 : 1);
      if (line.size() < column + 2) line.resize(column + 2, ' ');
      line.replace(column, 2, "^^");
    }
  }
  if (line.empty()) return;
  out.append(4 + fmt::formatted_size("{:04x}", offset), ' ');
  style.append(Meaning::error, line, out);
  out += '\n';
}

}  // namespace

std::string hexdump(base::Bytes bytes, std::uint64_t offset, const Style& style, std::size_t header_size,
                    std::span<const Mark> marks) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), bytes_per_line);
    append_line(out, bytes.first(size), offset, style, header_size);
    if (!marks.empty()) append_marks(out, offset, size, style, marks);
    header_size = 0;
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
