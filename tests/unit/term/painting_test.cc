#include "term/painting.h"

#include <doctest/doctest.h>

using namespace wscope;
using term::Painting;

namespace {

std::string paint(Painting& painting, std::string_view text, std::size_t cursor, unsigned columns = 10,
                  std::string_view below = {}) {
  std::string out;
  static_cast<void>(painting.paint({"> ", text, cursor, below}, columns, 5, out));
  return out;
}

}  // namespace

TEST_CASE("a character at the end is all that is printed") {
  Painting painting;
  CHECK(paint(painting, "a", 1) == "> a");
  CHECK(paint(painting, "ab", 2) == "b");
  CHECK(paint(painting, "ab", 2).empty());
  CHECK(paint(painting, "ab漢", 5) == "漢");
}

TEST_CASE("a row that becomes full goes on in the next one at once") {
  Painting painting;
  paint(painting, "1234567", 7);
  CHECK(paint(painting, "12345678", 8) == "8 \r");
  CHECK(paint(painting, "123456789", 9) == "9");
}

TEST_CASE("a cursor that moves repaints nothing") {
  Painting painting;
  paint(painting, "123456789", 9);
  CHECK(paint(painting, "123456789", 8) == "\r");
  CHECK(paint(painting, "123456789", 7) == "\x1b[A\x1b[9C");
  CHECK(paint(painting, "123456789", 6) == "\x1b[D");
  CHECK(paint(painting, "123456789", 9) == "\x1b[B\x1b[7D");
}

TEST_CASE("what is inserted is painted with what is behind it") {
  Painting painting;
  paint(painting, "abcd", 1);
  CHECK(paint(painting, "axbcd", 2) == "\x1b[Kxbcd\x1b[3D");
}

TEST_CASE("where terminals disagree about a width, the column is told") {
  Painting painting;
  CHECK(paint(painting, "👍🏽", 8) == "> \x1b[?7l👍🏽\x1b[?7h\x1b[5G");
}

TEST_CASE("lines below are cut off at the width") {
  Painting painting;
  CHECK(paint(painting, "a", 1, 5, "one\nlonger\n") == "> a\r\none\r\nlonge\x1b[2A\r\x1b[3C");
  CHECK(paint(painting, "a", 1, 5) ==
        "\x1b[K\x1b"
        "7\r\n\x1b[J\x1b"
        "8");
}

TEST_CASE("where the cursor is after reflowing") {
  Painting painting;
  paint(painting, "0123456789abcdef", 16);
  using Place = term::Layout::Place;
  CHECK(painting.cursor() == Place{1, 8});
  CHECK(painting.reflowed_cursor(20) == Place{0, 18});
  CHECK(painting.reflowed_cursor(6) == Place{2, 6});
  CHECK(painting.reflowed_cursor(5) == Place{3, 3});
  CHECK(!painting.is_one_row_in(20));
}
