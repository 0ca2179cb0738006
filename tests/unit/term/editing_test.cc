#include "term/editing.h"

#include <doctest/doctest.h>

#include "term/motions.h"
#include "typing.h"

using namespace wscope;
using namespace wscope::term;

namespace {

struct Desk {
  History history;
  Editing editing{history};
  [[nodiscard]] std::string shown() const { return test::with_cursor(editing.text(), editing.cursor()); }
};

}  // namespace

TEST_CASE("text is inserted so often, within limits") {
  Desk desk;
  CHECK(desk.editing.insert("ab", 3) == EditRequest::none);
  CHECK(desk.shown() == "ababab|");
  CHECK(desk.editing.insert("x", -1) == EditRequest::beep);
  CHECK(desk.editing.insert("x", 0) == EditRequest::beep);
  CHECK(desk.editing.insert(std::string(1000, 'x'), Count::most) == EditRequest::beep);
  CHECK(desk.shown() == "ababab|");
}

TEST_CASE("typing over replaces characters, not the end of a line") {
  Desk desk;
  desk.editing.insert("é漢c\nd");
  desk.editing.move_to(0);
  desk.editing.overwrites = true;
  desk.editing.type("x");
  CHECK(desk.shown() == "x|漢c\nd");
  desk.editing.type("y", 5);
  CHECK(desk.shown() == "xyyyyy|\nd");
  desk.editing.insert("z");
  CHECK(desk.shown() == "xyyyyyz|\nd");
}

TEST_CASE("kills in a run of keys are one kill") {
  Desk desk;
  desk.editing.insert("abcdef");
  desk.editing.move_to(3);
  desk.editing.begin_key();
  desk.editing.kill_to(4);
  desk.editing.begin_key();
  desk.editing.kill_to(2);
  CHECK(desk.editing.kills.current() == "cd");
  desk.editing.begin_key();
  desk.editing.keep_kind();
  desk.editing.begin_key();
  desk.editing.kill_to(3);
  CHECK(desk.editing.kills.current() == "cde");
  desk.editing.begin_key();
  desk.editing.begin_key();
  desk.editing.kill_to(0);
  CHECK(desk.editing.kills.current() == "ab");
  CHECK(desk.shown() == "|f");
}

TEST_CASE("what changes nothing beeps") {
  Desk desk;
  CHECK(desk.editing.kill_to(0) == EditRequest::beep);
  CHECK(desk.editing.delete_to(0) == EditRequest::beep);
  CHECK(desk.editing.go_to(0) == EditRequest::beep);
}

TEST_CASE("steps are repeated until they lead nowhere") {
  CHECK(repeat("abc", 0, 2, next_place) == 2);
  CHECK(repeat("abc", 0, Count::most, next_place) == 3);
  CHECK(repeat("abc", 1, -1, next_place) == 1);
}
