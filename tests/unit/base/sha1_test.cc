#include "base/sha1.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/base64.h"

using namespace wscope::base;

namespace {

std::string hex_sha1(std::string_view text) {
  std::string digits;
  for (const std::byte byte : sha1(as_bytes(text))) {
    digits += "0123456789abcdef"[std::to_integer<unsigned>(byte >> 4)];
    digits += "0123456789abcdef"[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return digits;
}

}  // namespace

TEST_CASE("SHA-1 gives the digests of FIPS 180") {
  CHECK(hex_sha1("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hex_sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex_sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(hex_sha1("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnop"
                 "qrstnopqrstu") == "a49b2446a02c645bf419f995b67091253a04a259");
  CHECK(hex_sha1(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("SHA-1 ends a text at any place of its last block") {
  constexpr struct {
    std::size_t size;
    std::string_view digest;
  } rows[] = {
      {1, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"},   {55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
      {56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},  {57, "f08f24908d682555111be7ff6f004e78283d989a"},
      {63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},  {64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
      {65, "11655326c708d70319be2610e8a57d9a5b959d3b"},  {119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"},
      {120, "f34c1488385346a55709ba056ddd08280dd4c6d6"}, {128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.size);
    CHECK(hex_sha1(std::string(row.size, 'a')) == row.digest);
  }
}

TEST_CASE("SHA-1 and base64 give the accept value of RFC 6455 section 1.3") {
  const Sha1Digest digest = sha1(as_bytes("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
  CHECK(base64_encode(digest) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
