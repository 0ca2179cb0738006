#include "base/sha1.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace wscope::base {
namespace {

// Its words have the standard's names.
using State = std::array<std::uint32_t, 5>;

constexpr State initial = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
constexpr std::array<std::uint32_t, 4> constants = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
constexpr std::size_t block_size = 64;
constexpr std::size_t length_size = 8;

using Words = std::array<std::uint32_t, 80>;

// Section 4.1.1: one of three functions for each twenty rounds, in forms that take the fewest steps.
template <std::size_t twenty>
constexpr std::uint32_t mixed(std::uint32_t b, std::uint32_t c, std::uint32_t d) noexcept {
  if constexpr (twenty == 0) return d ^ (b & (c ^ d));
  if constexpr (twenty == 2) return (b & c) | (d & (b | c));
  return b ^ c ^ d;
}

// The words change places rather than values: after five rounds each is where it was.
template <std::size_t twenty>
void take_rounds(State& state, const Words& w) noexcept {
  auto [a, b, c, d, e] = state;
  const auto take_round = [](std::uint32_t v, std::uint32_t& x, std::uint32_t y, std::uint32_t z, std::uint32_t& last,
                             std::uint32_t word) {
    last += std::rotl(v, 5) + mixed<twenty>(x, y, z) + constants[twenty] + word;
    x = std::rotl(x, 30);
  };
  for (std::size_t t = twenty * 20; t < twenty * 20 + 20; t += 5) {
    take_round(a, b, c, d, e, w[t]);
    take_round(e, a, b, c, d, w[t + 1]);
    take_round(d, e, a, b, c, w[t + 2]);
    take_round(c, d, e, a, b, w[t + 3]);
    take_round(b, c, d, e, a, w[t + 4]);
  }
  state = {a, b, c, d, e};
}

void take_block(State& state, Bytes block) noexcept {
  Words w;
  for (std::size_t t = 0; t < 16; ++t) w[t] = load_big_endian<std::uint32_t>(block.data() + 4 * t);
  for (std::size_t t = 16; t < w.size(); ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  State next = state;
  take_rounds<0>(next, w);
  take_rounds<1>(next, w);
  take_rounds<2>(next, w);
  take_rounds<3>(next, w);
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += next[i];
}

}  // namespace

Sha1Digest sha1(Bytes bytes) noexcept {
  State state = initial;
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (; bytes.size() >= block_size; bytes = bytes.subspan(block_size)) take_block(state, bytes.first(block_size));

  // Section 5.1.1: behind the rest stand one bit, zeros and the length, for which a block more may be needed.
  std::array<std::byte, 2 * block_size> end{};
  std::copy(bytes.begin(), bytes.end(), end.begin());
  end[bytes.size()] = std::byte{0x80};
  const std::size_t end_size = bytes.size() < block_size - length_size ? block_size : 2 * block_size;
  for (std::size_t i = 0; i < length_size; ++i) end[end_size - 1 - i] = static_cast<std::byte>(bits >> 8 * i & 0xff);
  for (Bytes left = Bytes(end).first(end_size); !left.empty(); left = left.subspan(block_size)) {
    take_block(state, left.first(block_size));
  }

  Sha1Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::byte>(state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
  }
  return digest;
}

}  // namespace wscope::base
