// Cuts an input into pieces, so that a test can feed a parser every way the network may.
#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace wscope::test {

/// An input in order. Every piece is a heap block of exactly its size, so that AddressSanitizer sees a read beyond it,
/// and may be changed in place. Pieces may be empty.
using Pieces = std::span<const base::MutableBytes>;

/// How many random cuts for_each_split() tries.
inline constexpr unsigned random_splits = 20;

/// Calls `use` with the fresh pieces that result from cutting `input` at each of `cuts` (ascending, <= input.size()).
template <typename Use>
void with_split(base::Bytes input, std::span<const std::size_t> cuts, Use&& use) {
  std::vector<std::vector<std::byte>> blocks;
  blocks.reserve(cuts.size() + 1);
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    const base::Bytes part = input.subspan(begin, end - begin);
    blocks.emplace_back(part.begin(), part.end());
    begin = end;
  };
  for (const std::size_t cut : cuts) add(cut);
  add(input.size());
  const std::vector<base::MutableBytes> pieces(blocks.begin(), blocks.end());
  use(Pieces(pieces));
}

/// Where to cut an input of `size` bytes into pieces of random length; what is random depends on `seed` alone. Even
/// seeds make pieces of a few bytes, odd ones a few pieces.
inline std::vector<std::size_t> random_cuts(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  const std::size_t longest = seed % 2 == 0 ? 2 + seed : 2 + size / 2;
  std::vector<std::size_t> cuts;
  for (std::size_t at = random() % longest; at < size; at += random() % longest) cuts.push_back(at);
  return cuts;
}

/// Calls `use(Pieces pieces, const std::string& name)` with `input` whole, byte by byte and randomly split. The same
/// input is split the same way each time; `name` says which way ("whole", "byte by byte", "random split 7").
template <typename Use>
void for_each_split(base::Bytes input, Use&& use) {
  const auto try_cuts = [&](std::span<const std::size_t> cuts, const std::string& name) {
    with_split(input, cuts, [&](Pieces pieces) { use(pieces, name); });
  };
  try_cuts({}, "whole");
  std::vector<std::size_t> everywhere;
  for (std::size_t at = 1; at < input.size(); ++at) everywhere.push_back(at);
  try_cuts(everywhere, "byte by byte");
  for (unsigned seed = 0; seed < random_splits; ++seed) {
    try_cuts(random_cuts(input.size(), seed), "random split " + std::to_string(seed));
  }
}

/// The same for an input given as text.
template <typename Use>
void for_each_split(std::string_view input, Use&& use) {
  for_each_split(base::as_bytes(input), use);
}

}  // namespace wscope::test
