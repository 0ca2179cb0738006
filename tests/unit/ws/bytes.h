// Frames and random sources for the tests of this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace wscope::test {

/// A random source that repeats the same bytes.
class FixedRandom final : public base::RandomSource {
 public:
  explicit FixedRandom(std::string bytes = "\x37\xfa\x21\x3d") : bytes_(std::move(bytes)) {}
  void fill(base::MutableBytes out) noexcept override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(bytes_[used_++ % bytes_.size()]);
  }

 private:
  std::string bytes_;
  std::size_t used_ = 0;
};

/// What FixedRandom makes of a payload as a masking key.
inline std::string masked(std::string text) {
  constexpr std::string_view key = "\x37\xfa\x21\x3d";
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(text[i] ^ key[i % 4]);
  return text;
}

/// `length` in the form of a frame header's second byte and what follows it, shortest form.
inline std::string length_bytes(std::size_t length, unsigned mask_bit) {
  const std::size_t bytes = length <= 125 ? 0 : length <= 0xffff ? 2 : 8;
  std::string text(1, static_cast<char>(mask_bit | (bytes == 0 ? length : bytes == 2 ? 126 : 127)));
  for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(length >> (8 * i) & 0xff);
  return text;
}

/// A frame from a server.
inline std::string frame(unsigned first_byte, std::string_view payload) {
  return static_cast<char>(first_byte) + length_bytes(payload.size(), 0) + std::string(payload);
}

/// A frame from a client.
inline std::string masked_frame(unsigned first_byte, std::string_view payload) {
  return static_cast<char>(first_byte) + length_bytes(payload.size(), 0x80) + "\x37\xfa\x21\x3d" +
         masked(std::string(payload));
}

/// Bytes in hex.
inline std::string hex(base::Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}
inline std::string hex(std::string_view text) { return hex(base::as_bytes(text)); }

/// A heap block of exactly the size of `text`, so that AddressSanitizer sees a read beyond it.
inline std::vector<std::byte> block(std::string_view text) {
  const base::Bytes bytes = base::as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace wscope::test
