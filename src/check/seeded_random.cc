#include "check/seeded_random.h"

#include <array>

namespace wscope::check {
namespace {

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;

// SplitMix64's way of making all bits depend on all others.
std::uint64_t mixed(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed, std::string_view what) noexcept : state_(mixed(seed + golden)) {
  for (const char c : what) state_ = mixed(state_ ^ static_cast<unsigned char>(c)) + golden;
}

std::uint64_t choose_seed(std::optional<std::uint64_t> wanted, base::RandomSource& random) noexcept {
  if (wanted) return *wanted;
  std::array<std::byte, 2> drawn{};
  random.fill(base::MutableBytes(drawn));
  return 1U + base::load_big_endian<std::uint16_t>(drawn.data());
}

void SeededRandom::fill(base::MutableBytes out) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < out.size(); ++i, bits >>= 8U) {
    if (i % 8 == 0) bits = mixed(state_ += golden);
    out[i] = static_cast<std::byte>(bits & 0xffU);
  }
}

}  // namespace wscope::check
