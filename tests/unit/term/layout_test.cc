#include "term/layout.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace wscope;
using term::Layout;

namespace {

std::string text_of(const term::Row& row) {
  std::string text;
  for (const auto& cell : row.cells) text += cell.shown;
  return text;
}

std::vector<std::string> rows_of(Layout& layout) {
  std::vector<std::string> rows;
  while (layout.has_row(rows.size())) rows.push_back(text_of(layout.row(rows.size())));
  return rows;
}

using Rows = std::vector<std::string>;
Rows rows_of(std::string_view prompt, std::string_view text, unsigned columns) {
  Layout layout;
  layout.set(prompt, text, columns);
  return rows_of(layout);
}

}  // namespace

TEST_CASE("a text wraps at the width, and an empty row is behind a full one") {
  CHECK(rows_of("> ", "", 5) == Rows{"> "});
  CHECK(rows_of("> ", "ab", 5) == Rows{"> ab"});
  CHECK(rows_of("> ", "abc", 5) == Rows{"> abc", ""});
  CHECK(rows_of("> ", "abcd", 5) == Rows{"> abc", "d"});
  CHECK(rows_of("prompt> ", "abc", 5) == Rows{"promp", "t> ab", "c"});
}

TEST_CASE("a wide character does not begin in the last column") {
  CHECK(rows_of("> ", "ab漢", 5) == Rows{"> ab", "漢"});
  CHECK(rows_of("", "漢漢", 1) == Rows{"?", "?", ""});
}

TEST_CASE("a line feed begins a row, and one behind a full row has a row to be on") {
  CHECK(rows_of("> ", "a\n\nb", 5) == Rows{"> a", "", "b"});
  CHECK(rows_of("", "abc\nd", 3) == Rows{"abc", "", "d"});
}

TEST_CASE("what has no shape is spelled out") {
  CHECK(rows_of("", "\x01\x7f\xff\u0301\n\u0301\u0085", 80) == Rows{"^A^?\\xff\\u{301}", "\\u{301}\\u{85}"});
  CHECK(rows_of("", "a\xff", 3) == Rows{"a\\x", "ff"});
  CHECK(rows_of("", "\u200b", 3) == Rows{"\\u{", "200", "b}"});
}

TEST_CASE("a tab is four blanks") {
  CHECK(rows_of("> ", "\tx\ty", 20) == Rows{">     x    y"});
  CHECK(rows_of("", "ab\tx", 4) == Rows{"ab  ", "  x"});
}

TEST_CASE("colours of the prompt take no room") {
  CHECK(rows_of("\x1b[1m>\x1b[0m ", "abc", 4) == Rows{"\x1b[1m>\x1b[0m ab", "c"});
  CHECK(rows_of("\x1b[2J>", "\x1b[m", 80) == Rows{"^[[2J>^[[m"});
}

TEST_CASE("the place of the cursor") {
  Layout layout;
  layout.set("> ", "abc漢\xff\n", 5);
  using Place = Layout::Place;
  CHECK(layout.place_of(0) == Place{0, 2});
  CHECK(layout.place_of(3) == Place{1, 0});
  CHECK(layout.place_of(6) == Place{1, 2});
  CHECK(layout.place_of(7) == Place{2, 1});
  CHECK(layout.place_of(8) == Place{3, 0});
}

TEST_CASE("a changed text is laid out as a new one is") {
  std::mt19937 random(2);
  constexpr std::string_view parts[] = {"a",      "漢",     "\n",      "\xff",   "\x01",
                                        "\xe6",   "\xbc",   "e\u0301", "👍",      "🏽",
                                        "b",      "\u0600", "\t",      "\u0301", "\u0301\u0301\u0301\u0301\u0301\u0301",
                                        "\ufe0f", "\u1160"};
  for (int round = 0; round < 300; ++round) {
    Layout layout;
    std::string text;
    const unsigned columns = 1 + static_cast<unsigned>(random() % 12);
    for (int step = 0; step < 30; ++step) {
      const std::size_t at = random() % (text.size() + 1);
      const std::size_t most = random() % 2 == 0 ? random() % 4 : 0;
      const std::string_view part = parts[random() % std::size(parts)];
      text.replace(at, std::min(most, text.size() - at), part);
      layout.set("> ", text, columns);
      Layout fresh;
      fresh.set("> ", text, columns);
      const std::size_t cursor = random() % (text.size() + 1);
      REQUIRE(layout.place_of(cursor) == fresh.place_of(cursor));
      REQUIRE(rows_of(layout) == rows_of(fresh));
    }
  }
}

TEST_CASE("typing at the end of a long text looks at its end only") {
  Layout layout;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "漢";
  for (int i = 0; i < 2'000; ++i) {
    text += 'a';
    layout.set("> ", text, 80);
    CHECK(layout.place_of(text.size()).row >= 2'500);
  }
}

TEST_CASE("a long text without width is spelled out quickly") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\u0301";
  Layout layout;
  layout.set("> ", text, 80);
  CHECK(layout.place_of(text.size()) == Layout::Place{7 * 100'000 / 80, 2});
}
