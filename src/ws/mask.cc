#include "ws/mask.h"

namespace wscope::ws {
namespace {

std::uint64_t load(const std::byte* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

void store(std::byte* to, std::uint64_t word) noexcept { std::memcpy(to, &word, sizeof word); }

// All loads come before the stores, so that compilers see that the two places need not be told apart, and use vectors.
void mask_block(const std::byte* from, std::byte* to, std::uint64_t wide) noexcept {
  const std::uint64_t a = load(from);
  const std::uint64_t b = load(from + 8);
  const std::uint64_t c = load(from + 16);
  const std::uint64_t d = load(from + 24);
  const std::uint64_t e = load(from + 32);
  const std::uint64_t f = load(from + 40);
  const std::uint64_t g = load(from + 48);
  const std::uint64_t h = load(from + 56);
  store(to, a ^ wide);
  store(to + 8, b ^ wide);
  store(to + 16, c ^ wide);
  store(to + 24, d ^ wide);
  store(to + 32, e ^ wide);
  store(to + 40, f ^ wide);
  store(to + 48, g ^ wide);
  store(to + 56, h ^ wide);
}

}  // namespace

// What is left behind the words is the end of one that overlaps the last of them: it is loaded before anything is
// stored, and stored behind all else.
void mask_bytes(const std::byte* from, std::byte* to, std::size_t size, const MaskKey& key,
                std::uint64_t offset) noexcept {
  const WideKey key_word(key, offset);
  const std::uint64_t wide = key_word.word();
  std::size_t i = 0;
  const bool overlaps = size > 8 && size % 8 != 0;
  const std::uint64_t end = overlaps ? key_word.mask(from, size - 8) : 0;
  for (; i + 64 <= size; i += 64) mask_block(from + i, to + i, wide);
  for (; i + 8 <= size; i += 8) store(to + i, load(from + i) ^ wide);
  if (overlaps) return store(to + size - 8, end);
  for (; i < size; ++i) to[i] = from[i] ^ key[(offset + i) & 3];
}

}  // namespace wscope::ws
