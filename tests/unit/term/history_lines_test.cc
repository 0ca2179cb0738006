#include "term/history_lines.h"

#include <doctest/doctest.h>

using namespace wscope::term;

namespace {

History history_of(std::initializer_list<const char*> entries) {
  History history;
  for (const char* entry : entries) history.add(entry);
  return history;
}

void type_at_end(HistoryLines& lines, std::string_view text) {
  LineBuffer& line = lines.current();
  line.replace(line.cursor(), line.cursor(), text);
}

}  // namespace

TEST_CASE("it begins at a new line behind the history") {
  const History history = history_of({"one", "two"});
  HistoryLines lines(history);
  CHECK(lines.position() == 2);
  CHECK(lines.current().text().empty());
  CHECK(lines.line(1) == "two");
}

TEST_CASE("edits of every line are kept, with their undo") {
  const History history = history_of({"one", "two"});
  HistoryLines lines(history);
  type_at_end(lines, "new");
  lines.go_to(0);
  CHECK(lines.current().cursor() == 3);
  type_at_end(lines, "!");
  lines.go_to(1);
  lines.go_to(2);
  CHECK(lines.current().text() == "new");
  CHECK(lines.line(0) == "one!");
  CHECK(lines.entry(0) == "one");
  lines.go_to(0);
  CHECK(lines.current().text() == "one!");
  CHECK(lines.current().undo());
  CHECK(lines.current().text() == "one");
  CHECK(history[0] == "one");
}

TEST_CASE("a line that is accepted is the new line, and other edits are gone") {
  History history = history_of({"one", "two"});
  HistoryLines lines(history);
  lines.go_to(1);
  type_at_end(lines, "!");
  lines.go_to(0);
  type_at_end(lines, "?");
  lines.accept();
  CHECK(lines.position() == 2);
  CHECK(lines.current().text() == "one?");
  history.add("one?");
  CHECK(lines.position() == 3);
  lines.go_to(1);
  CHECK(lines.current().text() == "two");
}

TEST_CASE("there is nothing beyond the new line") {
  const History history = history_of({"one"});
  HistoryLines lines(history);
  lines.go_to(7);
  CHECK(lines.position() == 1);
}
