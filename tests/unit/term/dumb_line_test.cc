#include "term/dumb_line.h"

#include <doctest/doctest.h>

#include <random>

#include "support/screen.h"

using namespace wscope;
using Rows = std::vector<std::string>;

namespace {

struct Dumb {
  test::Screen screen{3, 12};
  term::DumbLine line{};
  void paint(std::string_view text, std::size_t cursor) {
    const std::string out = line.paint("\x1b[1m>\x1b[0m ", text, cursor, 12);
    CHECK(out.find('\x1b') == std::string::npos);
    screen.write(out);
  }
};

}  // namespace

TEST_CASE("a line is painted with text alone, and only what is new if that is possible") {
  Dumb dumb;
  dumb.paint("abc", 3);
  CHECK(dumb.screen.all() == Rows{"> abc"});
  CHECK(dumb.line.paint("> ", "abcd", 4, 12) == "d");
  CHECK(dumb.line.paint("> ", "abcd", 4, 12).empty());
}

TEST_CASE("a line that shrinks leaves nothing behind") {
  Dumb dumb;
  dumb.paint("abc", 3);
  dumb.paint("a", 1);
  CHECK(dumb.screen.all() == Rows{"> a"});
  CHECK(dumb.screen.column() == 3);
  dumb.screen.write(dumb.line.erase());
  CHECK(dumb.screen.all().empty());
  CHECK(dumb.screen.column() == 0);
}

TEST_CASE("a long line scrolls sideways and stays in its row with the cursor in sight") {
  std::mt19937 random(3);
  Dumb dumb;
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz漢漢\x01\n";
  for (int i = 0; i < 500; ++i) {
    std::size_t cursor = random() % text.size();
    while ((static_cast<unsigned char>(text[cursor]) & 0xc0) == 0x80) --cursor;
    dumb.paint(text, cursor);
    REQUIRE(dumb.screen.all().size() == 1);
    REQUIRE(dumb.screen.row() == 0);
    REQUIRE(dumb.screen.column() >= 2);
    const std::string row = dumb.screen.all()[0];
    if (cursor < 36 && dumb.screen.column() < 11) CHECK(row[dumb.screen.column()] == text[cursor]);
  }
}

TEST_CASE("escape sequences are taken out") { CHECK(term::without_colours("\x1b[31mred\x1b[0m\n") == "red\n"); }
