#include "base/bytes.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string_view>

using namespace wscope::base;

TEST_CASE("text and bytes are views of the same memory") {
  const std::string_view text("a\0\xff", 3);
  const Bytes bytes = as_bytes(text);
  CHECK(bytes.size() == 3);
  CHECK(bytes[2] == std::byte{0xff});
  CHECK(as_text(bytes).data() == text.data());
  CHECK(as_text(bytes) == text);
}

TEST_CASE("nothing is empty both ways") {
  CHECK(as_bytes({}).empty());
  CHECK(as_text({}).empty());
}

TEST_CASE("integers are read most significant byte first") {
  constexpr std::array bytes = {std::byte{0x81}, std::byte{0x02}, std::byte{0x83}, std::byte{0x04},
                                std::byte{0xf5}, std::byte{0x06}, std::byte{0x07}, std::byte{0xff}};
  CHECK(load_big_endian<std::uint8_t>(bytes.data()) == 0x81);
  CHECK(load_big_endian<std::uint16_t>(bytes.data()) == 0x8102);
  CHECK(load_big_endian<std::uint32_t>(bytes.data()) == 0x81028304);
  CHECK(load_big_endian<std::uint64_t>(bytes.data()) == 0x81028304f50607ff);
  CHECK(load_big_endian<std::uint16_t>(bytes.data() + 1) == 0x0283);
}

TEST_CASE("integers are written most significant byte first, and nothing beside them") {
  std::array<std::byte, 10> bytes{};
  store_big_endian(bytes.data() + 1, std::uint64_t{0x81028304f50607ff});
  CHECK(bytes[0] == std::byte{0});
  CHECK(bytes[1] == std::byte{0x81});
  CHECK(bytes[8] == std::byte{0xff});
  CHECK(bytes[9] == std::byte{0});
  CHECK(load_big_endian<std::uint64_t>(bytes.data() + 1) == 0x81028304f50607ff);
  store_big_endian(bytes.data(), std::uint16_t{0xfffe});
  CHECK(load_big_endian<std::uint16_t>(bytes.data()) == 0xfffe);
  store_big_endian(bytes.data(), std::uint8_t{7});
  CHECK(load_big_endian<std::uint8_t>(bytes.data()) == 7);
}
