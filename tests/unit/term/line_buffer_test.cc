#include "term/line_buffer.h"

#include <doctest/doctest.h>

#include <chrono>

#include "typing.h"

using namespace wscope;
using term::LineBuffer;

namespace {

std::string shown(const LineBuffer& line) { return test::with_cursor(line.text(), line.cursor()); }

bool insert(LineBuffer& line, std::string_view text) { return line.replace(line.cursor(), line.cursor(), text); }

}  // namespace

TEST_CASE("an edit puts the cursor behind what it inserted") {
  LineBuffer line("hello");
  CHECK(shown(line) == "hello|");
  CHECK(line.replace(1, 3, "EL"));
  CHECK(shown(line) == "hEL|lo");
  CHECK(insert(line, "!"));
  CHECK(shown(line) == "hEL!|lo");
}

TEST_CASE("positions beyond the end are the end") {
  LineBuffer line("ab");
  CHECK(line.replace(1, 99, "x"));
  CHECK(line.replace(50, 40, "y"));
  CHECK(shown(line) == "axy|");
  line.move_to(99);
  CHECK(line.cursor() == 3);
}

TEST_CASE("the cursor is never within a cluster, also if an edit makes one") {
  LineBuffer line("\u0301x");
  line.move_to(0);
  CHECK(insert(line, "e"));
  CHECK(shown(line) == "e\u0301|x");
  CHECK(line.undo());
  CHECK(shown(line) == "|\u0301x");
  line.move_to(1);
  CHECK(line.cursor() == 2);
}

TEST_CASE("undo puts back text and cursor") {
  LineBuffer line("one two");
  line.move_to(3);
  line.replace(4, 7, "2");
  CHECK(line.changed());
  CHECK(line.undo());
  CHECK(shown(line) == "one| two");
  CHECK_FALSE(line.changed());
  CHECK_FALSE(line.undo());
  CHECK_FALSE(line.undo_all());
}

TEST_CASE("a group is undone as one") {
  LineBuffer line;
  insert(line, "a");
  line.begin_group();
  line.replace(0, 1, "");
  insert(line, "b");
  insert(line, "c");
  line.end_group();
  insert(line, "d");
  line.undo();
  CHECK(line.text() == "bc");
  line.undo();
  CHECK(line.text() == "a");
  insert(line, "z");
  CHECK(line.undo_all());
  CHECK(line.text().empty());
}

TEST_CASE("a text has a greatest length") {
  LineBuffer line(std::string(LineBuffer::most - 1, 'x'));
  CHECK(insert(line, "y"));
  CHECK_FALSE(insert(line, "z"));
  CHECK(line.replace(0, 1, "z"));
  CHECK(line.text().size() == LineBuffer::most);
}

TEST_CASE("typing into a text of a mebibyte keeps no copies of it") {
  for (const std::string_view unit : {"x", "漢", "e\u0301", "\xff"}) {
    std::string text;
    while (text.size() < (1U << 20U)) text += unit;
    LineBuffer line(text);
    line.move_to(text.size() / 2);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 1000; ++i) insert(line, "漢");
    // A copy for each would be a gibibyte; the limit is generous for slow machines and sanitizers.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
    CHECK(line.undo_all());
    CHECK(line.text() == text);
  }
}
