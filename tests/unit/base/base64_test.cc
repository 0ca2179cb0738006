#include "base/base64.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace wscope::base;

namespace {

std::string decoded(std::string_view text) {
  const auto bytes = base64_decode(text);
  return bytes ? std::string(as_text(*bytes)) : "rejected";
}

constexpr struct {
  std::string_view plain, encoded;
} vectors[] = {
    // RFC 4648 section 10
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    // RFC 6455 section 1.3
    {"the sample nonce", "dGhlIHNhbXBsZSBub25jZQ=="},
    {"\xfb\xff\xbf", "+/+/"},
};

}  // namespace

TEST_CASE("base64 encodes and decodes the vectors of the RFCs") {
  for (const auto& vector : vectors) {
    CAPTURE(vector.encoded);
    CHECK(base64_encode(as_bytes(vector.plain)) == vector.encoded);
    CHECK(decoded(vector.encoded) == vector.plain);
  }
}

TEST_CASE("every byte at every place of a triple comes back") {
  for (std::size_t size = 1; size <= 4; ++size) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < size; ++place) {
        std::string plain(size, 'x');
        plain[place] = static_cast<char>(byte);
        REQUIRE(decoded(base64_encode(as_bytes(plain))) == plain);
      }
    }
  }
}

TEST_CASE("decoding accepts exactly the alphabet") {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const char letter = static_cast<char>(byte);
    for (std::size_t place = 0; place < 4; ++place) {
      std::string text = "AAAAAAAA";
      text[place] = letter;
      CHECK(base64_decode(text).has_value() == (alphabet.find(letter) != std::string_view::npos));
    }
  }
}

TEST_CASE("decoding is strict") {
  constexpr std::string_view bad[] = {
      "Z",    "Zg",     "Zg=",      "Zm8",          "Zm9vY", "Zg===",     // padding is required
      "=",    "==",     "===",      "====",         "Z===",  "Zm9v====",  // and never more than two
      "=Zg=", "Zg=Z",   "Zg==Zg==", "Zm=v",         "Zm9v=",              // and only at the end
      "Zh==", "Zm9=",   "Zn==",                                           // spare bits are zero
      " Zg=", "Zg==\n", "Zm\n9v",   "Zm9v\r\n\r\n", "-_-_",               // nothing but the alphabet
  };
  for (const std::string_view text : bad) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text).has_value());
  }
}
