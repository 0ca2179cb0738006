#include "base/base64.h"

#include <array>
#include <cstdint>

namespace wscope::base {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_in_alphabet = 64;

constexpr auto values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(not_in_alphabet);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

// The letter of the lowest six bits.
constexpr char letter(std::uint32_t bits) noexcept { return alphabet[bits & 63]; }

}  // namespace

std::string base64_encode(Bytes bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  char* to = text.data();
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  for (; bytes.size() >= 3; bytes = bytes.subspan(3), to += 4) {
    const std::uint32_t triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    to[0] = letter(triple >> 18);
    to[1] = letter(triple >> 12);
    to[2] = letter(triple >> 6);
    to[3] = letter(triple);
  }
  if (bytes.empty()) return text;
  const bool two = bytes.size() == 2;
  const std::uint32_t rest = byte(0) << 16 | (two ? byte(1) << 8 : 0);
  to[0] = letter(rest >> 18);
  to[1] = letter(rest >> 12);
  if (two) to[2] = letter(rest >> 6);
  return text;
}

std::optional<std::vector<std::byte>> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == not_in_alphabet) return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> held & 0xff));
  }
  const std::uint32_t spare = bits & ((1U << held) - 1);
  if (spare != 0) return std::nullopt;
  return bytes;
}

}  // namespace wscope::base
