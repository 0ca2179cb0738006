#include "decode/dump_line.h"

#include <doctest/doctest.h>

using namespace wscope::decode;

TEST_CASE("a line of a dump has an offset, bytes and a text that is none") {
  const auto line = parse_dump_line("  0010  81 05 48 65 6c 6c 6f 20  77 6f                     |..Hello wo|");
  REQUIRE(line.has_value());
  CHECK(line->offset == "0010");
  CHECK(line->bytes == "\x81\x05Hello wo");
  CHECK(line->indent == 2);
  CHECK(line->is_certain);
  CHECK_FALSE(line->bad.has_value());
}

TEST_CASE("an offset may stand alone, in front of nothing") {
  const auto line = parse_dump_line("0000001a");
  REQUIRE(line.has_value());
  CHECK(line->bytes.empty());
  CHECK_FALSE(line->is_certain);
}

TEST_CASE("digits that may be bytes are not certain") {
  const auto line = parse_dump_line("8185 37 fa");
  REQUIRE(line.has_value());
  CHECK_FALSE(line->is_certain);
  CHECK_FALSE(parse_dump_line("81 85 37").has_value());
  CHECK_FALSE(parse_dump_line("8185 37fa").has_value());
  CHECK_FALSE(parse_dump_line("00:ff:00").has_value());
  CHECK_FALSE(parse_dump_line("81853700818537008185").has_value());
  CHECK_FALSE(parse_dump_line("").has_value());
}

TEST_CASE("what is no byte has a place") {
  CHECK(parse_dump_line("00000000: 81g5 37fa")->bad == 12);
  CHECK(parse_dump_line("00000000  81 8 37")->bad == 13);
  CHECK(parse_dump_line("00000000: 818 37fa")->bad == 10);
}

TEST_CASE("words are known by the width of their offsets") {
  CHECK(has_words_of_hexdump("0000000 8581 fa37"));
  CHECK_FALSE(has_words_of_hexdump("0000000 85 81"));
  CHECK_FALSE(has_words_of_hexdump("00000000: 8581 fa37"));
}

TEST_CASE("offsets are numbers of several bases") {
  CHECK(offset_value("0000020", 8) == 16);
  CHECK(offset_value("0000020", 10) == 20);
  CHECK(offset_value("0000020", 16) == 32);
  CHECK_FALSE(offset_value("0000028", 8).has_value());
}
