#include "view/hexdump.h"

#include <doctest/doctest.h>

using wscope::base::as_bytes;
using wscope::view::hexdump;

TEST_CASE("a short line is padded, so that the text stands in its column") {
  CHECK(hexdump(as_bytes("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")) ==
        "  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|\n");
  CHECK(hexdump(as_bytes("x")) == "  0000  78                                                |x|\n");
}

TEST_CASE("offsets and the bytes of a header have colours, and the columns stay where they are") {
  const wscope::view::Style colored(true);
  const auto dim = [](const std::string& text) { return "\x1b[2m" + text + "\x1b[0m"; };
  const auto header = [](const std::string& text) { return "\x1b[36m" + text + "\x1b[0m"; };
  CHECK(hexdump(as_bytes("\x81\x01x"), 0, colored, 2) ==
        "  " + dim("0000") + "  " + header("81 01") + " 78                                          |..x|\n");
  CHECK(hexdump(as_bytes("0123456789abcdef0123"), 16, colored, 9) ==
        "  " + dim("0010") + "  " + header("30 31 32 33 34 35 36 37  38") +
            " 39 61 62 63 64 65 66  |0123456789abcdef|\n" + "  " + dim("0020") +
            "  30 31 32 33                                       |0123|\n");
  CHECK(hexdump(as_bytes("x"), 0, colored, 5) ==
        "  " + dim("0000") + "  " + header("78") + "                                                |x|\n");
}

TEST_CASE("a full line is sixteen bytes") {
  CHECK(hexdump(as_bytes("0123456789abcdef")) ==
        "  0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n");
  CHECK(hexdump(as_bytes("0123456789abcdef ~")) ==
        "  0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
        "  0010  20 7e                                             | ~|\n");
}

TEST_CASE("nothing is no line") { CHECK(hexdump({}).empty()); }

TEST_CASE("only printable ASCII stands for itself") {
  CHECK(hexdump(as_bytes(std::string_view("\0\x1f\x20\x7e\x7f\xc3\xa4", 7))) ==
        "  0000  00 1f 20 7e 7f c3 a4                              |.. ~...|\n");
}

TEST_CASE("the offset is that of the first byte, and grows as long as it must") {
  CHECK(hexdump(as_bytes("a"), 0xfff0).substr(0, 10) == "  fff0  61");
  CHECK(hexdump(as_bytes("a"), 0x123456789a).substr(0, 16) == "  123456789a  61");
}

TEST_CASE("hexadecimal digits are lower case, two for every byte") {
  std::string text = "0x";
  wscope::view::append_hex(as_bytes(std::string_view("\x00\xff\x1a", 3)), text);
  CHECK(text == "0x00ff1a");
  wscope::view::append_hex({}, text);
  CHECK(text == "0x00ff1a");
}

TEST_CASE("bytes are marked under their line") {
  using wscope::view::Mark;
  const Mark marks[] = {{16, 2}, {24, 1}, {33, 1}};
  CHECK(hexdump(as_bytes("0123456789abcdef0123"), 16, wscope::view::no_colors, 0, marks) ==
        "  0010  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
        "        ^^ ^^                    ^^\n"
        "  0020  30 31 32 33                                       |0123|\n"
        "           ^^\n");
  const Mark far[] = {{0x10000, 1}};
  CHECK(hexdump(as_bytes("x"), 0x10000, wscope::view::no_colors, 0, far).ends_with("|x|\n         ^^\n"));
}
