#include "decode/text_position.h"

#include <doctest/doctest.h>

using namespace wscope::decode;

TEST_CASE("positions and characters in words") {
  TextPosition position;
  for (const char c : {'a', '\n', 'b'}) position.pass(c);
  CHECK(error_at(position, "why").message == "2:2: why");
  CHECK(quote('z') == "\"z\"");
  CHECK(quote('\x1b') == "byte 0x1b");
  CHECK(quote('\xff') == "byte 0xff");
  CHECK(quote(' ') == "byte 0x20");
}
