#include "ws/mask.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "unit/ws/bytes.h"

using namespace wscope;
using namespace wscope::ws;

namespace {

constexpr MaskKey key = {std::byte{'1'}, std::byte{'2'}, std::byte{'3'}, std::byte{'4'}};

std::vector<std::byte> sample(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 3);
  return bytes;
}

std::vector<std::byte> masked_naively(std::vector<std::byte> bytes, std::uint64_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= key[(offset + i) % 4];
  return bytes;
}

}  // namespace

TEST_CASE("masking equals the definition for every size and offset") {
  for (std::uint64_t offset = 0; offset < 8; ++offset) {
    for (std::size_t size = 0; size <= 100; ++size) {
      CAPTURE(offset);
      CAPTURE(size);
      const auto plain = sample(size);
      const auto expected = masked_naively(plain, offset);
      auto in_place = plain;
      apply_mask(in_place, key, offset);
      REQUIRE(in_place == expected);
      std::vector<std::byte> copy(size);
      copy_masked(plain, copy.data(), key, offset);
      REQUIRE(copy == expected);
    }
  }
}

TEST_CASE("masking twice gives the payload back") {
  auto bytes = sample(1000);
  apply_mask(bytes, key, 5);
  apply_mask(bytes, key, 5);
  CHECK(bytes == sample(1000));
}

TEST_CASE("masking works at every alignment") {
  for (std::size_t shift = 0; shift < 16; ++shift) {
    CAPTURE(shift);
    auto bytes = sample(100);
    const auto plain = sample(100);
    apply_mask(base::MutableBytes(bytes).subspan(shift), key);
    const auto expected = masked_naively({plain.begin() + static_cast<std::ptrdiff_t>(shift), plain.end()}, 0);
    REQUIRE(std::vector<std::byte>(bytes.begin() + static_cast<std::ptrdiff_t>(shift), bytes.end()) == expected);
  }
}

TEST_CASE("offsets beyond 32 bits count like small ones") {
  auto bytes = sample(40);
  apply_mask(bytes, key, (std::uint64_t{1} << 62) + 3);
  CHECK(bytes == masked_naively(sample(40), 3));
}

TEST_CASE("a payload may be masked in pieces") {
  const std::string text = "some very long data for masking by websocket";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    auto bytes = test::block(text);
    apply_mask(base::MutableBytes(bytes).first(cut), key);
    apply_mask(base::MutableBytes(bytes).subspan(cut), key, cut);
    REQUIRE(test::hex(bytes) ==
            "425d5e511144564648125f5b5f55135050465214575d41145c53405f585c5414534b13435450405b52595640");
  }
}
