#include "tls/digest.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <openssl/evp.h>

#include "base/sha1.h"

using namespace wscope;

namespace {

std::string hex_sha256(std::string_view text) {
  std::string digits;
  for (const std::byte byte : tls::sha256(base::as_bytes(text))) {
    digits += "0123456789abcdef"[std::to_integer<unsigned>(byte >> 4)];
    digits += "0123456789abcdef"[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return digits;
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180") {
  CHECK(hex_sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex_sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("the library's own SHA-1 is OpenSSL's, for every length of a few blocks") {
  std::string text;
  for (int size = 0; size < 300; ++size, text += static_cast<char>(size * 37)) {
    base::Sha1Digest expected;
    REQUIRE(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(expected.data()), nullptr, EVP_sha1(),
                       nullptr) == 1);
    REQUIRE(base::sha1(base::as_bytes(text)) == expected);
  }
}
