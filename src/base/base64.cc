#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <openssl/evp.h>

namespace wscope::base {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_in_alphabet = 64;
constexpr std::size_t most_at_once = std::size_t{3} << 28;  // as lengths are ints to OpenSSL; a multiple of three

constexpr auto values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(not_in_alphabet);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

}  // namespace

std::string base64_encode(Bytes bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // with room for the NUL that ends each block
  auto* to = reinterpret_cast<unsigned char*>(text.data());
  while (!bytes.empty()) {
    const Bytes block = bytes.first(std::min(bytes.size(), most_at_once));
    to += EVP_EncodeBlock(to, reinterpret_cast<const unsigned char*>(block.data()), static_cast<int>(block.size()));
    bytes = bytes.subspan(block.size());
  }
  text.pop_back();
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
  for (const char letter : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(letter)];
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
