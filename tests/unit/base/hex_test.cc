#include "base/hex.h"

#include <doctest/doctest.h>

using wscope::base::hex_decode;

TEST_CASE("pairs of digits are bytes, in either case, with white space between them") {
  CHECK(hex_decode("") == "");
  CHECK(hex_decode("00ff7F") == std::string("\0\xff\x7f", 3));
  CHECK(hex_decode(" 81 85\t37fa ") == "\x81\x85\x37\xfa");
}

TEST_CASE("what is not that is nothing") {
  for (const char* text : {"0", "abc", "0g", "g0", "0 0", "0x41", "41,42", "4\n1"}) CHECK(!hex_decode(text));
}
