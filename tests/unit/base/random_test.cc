#include "base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

using namespace wscope::base;

TEST_CASE("every byte asked for is filled, at every size around the block's") {
  SystemRandom random;
  for (const std::size_t size : {0U, 1U, 4U, 1023U, 1024U, 1025U, 2047U, 2048U, 2049U, 5000U}) {
    CAPTURE(size);
    // A byte that is still zero after eight rounds was not written (an error once in 2^64 / size runs).
    std::vector<std::byte> seen(size + 2);
    for (int round = 0; round < 8; ++round) {
      std::vector<std::byte> out(size + 2);
      random.fill(MutableBytes(out).subspan(1, size));
      for (std::size_t i = 0; i < out.size(); ++i) seen[i] |= out[i];
    }
    CHECK(seen.front() == std::byte{0});
    CHECK(seen.back() == std::byte{0});
    CHECK(std::count(seen.begin() + 1, seen.end() - 1, std::byte{0}) == 0);
  }
}

TEST_CASE("no bytes are handed out twice") {
  SystemRandom random;
  std::set<std::array<std::byte, 8>> keys;
  constexpr std::size_t many = 1000;
  for (std::size_t i = 0; i < many; ++i) {
    std::array<std::byte, 8> key{};
    random.fill(key);
    keys.insert(key);
  }
  CHECK(keys.size() == many);
}

TEST_CASE("bytes handed out are wiped from the source") {
  SystemRandom random;
  std::array<std::byte, 16> secret{};
  random.fill(secret);
  const Bytes memory = std::as_bytes(std::span(&random, 1));
  CHECK(std::search(memory.begin(), memory.end(), secret.begin(), secret.end()) == memory.end());
}

TEST_CASE("a machine can be given any source") {
  struct Sevens final : RandomSource {
    void fill(MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{7}); }
  } sevens;
  RandomSource& source = sevens;
  std::array<std::byte, 2> out{};
  source.fill(out);
  CHECK(out[1] == std::byte{7});
}
