// Masking of payloads (RFC 6455 section 5.3).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace wscope::ws {

using MaskKey = std::array<std::byte, 4>;

/// A masking key twice, as a word in memory order: what masks the next eight bytes.
class WideKey {
 public:
  /// `offset` is where the bytes begin within the payload.
  WideKey(const MaskKey& key, std::uint64_t offset) noexcept {
    std::uint32_t half = 0;
    std::memcpy(&half, key.data(), sizeof half);
    word_ = rotated((std::uint64_t{half} << 32U) | half, offset);
  }

  /// Masks eight bytes that are `distance` behind the first, and returns them.
  [[nodiscard]] std::uint64_t mask(const std::byte* from, std::uint64_t distance = 0) const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from + distance, sizeof word);
    return word ^ rotated(word_, distance);
  }
  [[nodiscard]] std::uint64_t word() const noexcept { return word_; }

 private:
  static std::uint64_t rotated(std::uint64_t word, std::uint64_t bytes) noexcept {
    const int bits = static_cast<int>(bytes & 3) * 8;
    return std::endian::native == std::endian::little ? std::rotr(word, bits) : std::rotl(word, bits);
  }

  std::uint64_t word_ = 0;
};

/// What copy_masked() does, for any length: `from` and `to` are equal or do not overlap.
void mask_bytes(const std::byte* from, std::byte* to, std::size_t size, const MaskKey& key,
                std::uint64_t offset) noexcept;

/// Masks or unmasks `from` into another place: `to` has room for from.size() bytes and is the same or does not overlap.
/// `offset` is where `from` begins within the payload of its frame.
inline void copy_masked(base::Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset = 0) noexcept {
  const std::size_t size = from.size();
  if (size < 8 || size > 16) return mask_bytes(from.data(), to, size, key, offset);
  const WideKey wide(key, offset);  // two words, which may overlap: most messages are about so long
  const std::uint64_t first = wide.mask(from.data());
  const std::uint64_t last = wide.mask(from.data(), size - 8);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - 8, &last, sizeof last);
}

/// The same in place.
inline void apply_mask(base::MutableBytes data, const MaskKey& key, std::uint64_t offset = 0) noexcept {
  copy_masked(data, data.data(), key, offset);
}

}  // namespace wscope::ws
