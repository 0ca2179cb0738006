// Views of bytes and the conversions between bytes, text and big-endian integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace wscope::base {

/// Bytes somebody else owns. Every function that returns one says until when it is valid.
using Bytes = std::span<const std::byte>;

/// Bytes somebody else owns and lets us change (a received payload is unmasked in place).
using MutableBytes = std::span<std::byte>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

[[nodiscard]] inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads an unsigned integer in network byte order. `from` must hold sizeof(Integer) bytes.
template <typename Integer>
[[nodiscard]] Integer load_big_endian(const std::byte* from) noexcept {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>((value << 8) | std::to_integer<Integer>(from[i]));
  }
  return value;
}

/// Writes an unsigned integer in network byte order. `to` must have room for sizeof(Integer) bytes.
template <typename Integer>
void store_big_endian(std::byte* to, Integer value) noexcept {
  for (std::size_t i = sizeof(Integer); i-- > 0;) {
    to[i] = static_cast<std::byte>(value & 0xff);
    value = static_cast<Integer>(value >> 8);
  }
}

}  // namespace wscope::base
