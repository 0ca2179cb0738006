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

// Section 4.1.1: one of three functions for each twenty rounds.
constexpr std::uint32_t mixed(std::size_t twenty, std::uint32_t b, std::uint32_t c, std::uint32_t d) noexcept {
  if (twenty == 0) return (b & c) ^ (~b & d);
  if (twenty == 2) return (b & c) ^ (b & d) ^ (c & d);
  return b ^ c ^ d;
}

void take_block(State& state, Bytes block) noexcept {
  std::array<std::uint32_t, 80> w{};
  for (std::size_t i = 0; i < block_size; ++i) w[i / 4] = w[i / 4] << 8 | std::to_integer<std::uint32_t>(block[i]);
  for (std::size_t t = 16; t < w.size(); ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  auto [a, b, c, d, e] = state;
  for (std::size_t t = 0; t < w.size(); ++t) {
    const std::uint32_t next = std::rotl(a, 5) + mixed(t / 20, b, c, d) + e + constants[t / 20] + w[t];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
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
