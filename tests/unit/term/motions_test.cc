#include "term/motions.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using namespace wscope::term;

namespace {

/// Where `motion` leads from the bar in `text`.
template <typename Motion>
std::string from(std::string text, Motion&& motion) {
  const std::size_t bar = text.find('|');
  text.erase(bar, 1);
  return test::with_cursor(text, motion(std::string_view(text), bar));
}

}  // namespace

TEST_CASE("places are between grapheme clusters") {
  const std::string text =
      "ae\u0301漢\xff"
      "b";
  std::size_t place = 0;
  std::vector<std::size_t> places = {0};
  while (place < text.size()) places.push_back(place = next_place(text, place));
  CHECK(places == std::vector<std::size_t>{0, 1, 4, 7, 8, 9});
  for (std::size_t i = places.size() - 1; i > 0; --i) CHECK(previous_place(text, places[i]) == places[i - 1]);
  CHECK(previous_place(text, 0) == 0);
  CHECK(next_place(text, text.size()) == text.size());
}

TEST_CASE("a position within a cluster leads to its end") {
  const std::string text = "ae\u0301漢\xff\x80\x80\x80\x80z";
  const std::vector<std::size_t> expected = {0, 1, 4, 4, 4, 7, 7, 7, 8, 9, 10, 11, 12, 13, 13};
  for (std::size_t at = 0; at < expected.size(); ++at) {
    CAPTURE(at);
    CHECK(place_from(text, at) == expected[at]);
  }
  CHECK(place_from("\u0301x", 1) == 2);
  CHECK(place_from("", 0) == 0);
}

TEST_CASE("a line begins behind an LF and ends before one") {
  CHECK(from("ab\nc|d\nef", line_begin) == "ab\n|cd\nef");
  CHECK(from("ab\nc|d\nef", line_end) == "ab\ncd|\nef");
  CHECK(from("|ab", line_begin) == "|ab");
  CHECK(from("a\n|", line_begin) == "a\n|");
  CHECK(from("a|\n", line_begin) == "|a\n");
  CHECK(from("a|b", line_end) == "ab|");
  CHECK(from("x\n  a|b", first_in_line) == "x\n  |ab");
  CHECK(from("  |  \nx", first_in_line) == "    |\nx");
}

TEST_CASE("columns are cells of the terminal") {
  const std::string text = "漢字ab\nxe\u0301z";
  CHECK(column_of(text, 6) == 4);
  CHECK(column_of(text, text.size()) == 3);
  CHECK(at_column(text, 0, 3) == 3);
  CHECK(at_column(text, 0, 4) == 6);
  CHECK(at_column(text, 9, 2) == 13);
  CHECK(at_column(text, 9, 99) == text.size());
}

TEST_CASE("columns are those of what is shown") {
  const std::string text = "\t\x01\xff\x1b\u0301[mx";
  std::vector<std::size_t> columns;
  for (std::size_t at = 0; at < text.size(); at = next_place(text, at)) {
    columns.push_back(column_of(text, at));
    CHECK(at_column(text, 0, columns.back()) == at);
  }
  CHECK(columns == std::vector<std::size_t>{0, 4, 6, 10, 12, 19, 20, 21});
  CHECK(at_column(text, 0, 5) == 1);
}

TEST_CASE("words are letters and digits") {
  CHECK(from("|  foo-bar", word_end) == "  foo|-bar");
  CHECK(from("foo|-été x", word_end) == "foo-été| x");
  CHECK(from("foo-été |", word_begin) == "foo-|été ");
  CHECK(from("|--", word_end) == "--|");
  CHECK(from("a b-c  |", blank_word_begin) == "a |b-c  ");
}

TEST_CASE("vi has words and WORDS") {
  const auto next = [](ViWord kind) {
    return [=](std::string_view text, std::size_t at) { return vi_next_word(text, at, kind); };
  };
  const auto previous = [](ViWord kind) {
    return [=](std::string_view text, std::size_t at) { return vi_previous_word(text, at, kind); };
  };
  const auto last = [](ViWord kind) {
    return [=](std::string_view text, std::size_t at) { return vi_word_last(text, at, kind); };
  };
  CHECK(from("|a_b.c d", next(ViWord::word)) == "a_b|.c d");
  CHECK(from("|a_b.c d", next(ViWord::big)) == "a_b.c |d");
  CHECK(from("a_b.c| d", previous(ViWord::word)) == "a_b.|c d");
  CHECK(from("a_b.c |d", previous(ViWord::big)) == "|a_b.c d");
  CHECK(from("|a_b.c d", last(ViWord::word)) == "a_|b.c d");
  CHECK(from("a_b.|c d", last(ViWord::word)) == "a_b.c |d");
  CHECK(from("|a_b.c d", last(ViWord::big)) == "a_b.|c d");
  CHECK(vi_run_end("foo.", 1, ViWord::word) == 3);
}

TEST_CASE("a character is found on the line and nowhere else") {
  CHECK(find_on("abcb\nd", 1, "b") == 3);
  CHECK_FALSE(find_on("abc\nd", 0, "d"));
  CHECK(find_back("d\nabcb", 5, "b") == 3);
  CHECK_FALSE(find_back("d\nabcb", 5, "d"));
  CHECK(find_on("ae\u0301e", 0, "e") == 4);
  CHECK(find_on("abcbb", 0, "b", 2) == 3);
  CHECK_FALSE(find_on("abcbb", 0, "b", 4));
  CHECK(find_back("abcbb", 4, "b", 2) == 1);
}

TEST_CASE("brackets find their partners") {
  CHECK(matching_bracket("a(b[c]{d})e", 0) == 9);
  CHECK(matching_bracket("a(b[c]{d})e", 9) == 1);
  CHECK(matching_bracket("(()", 0) == std::nullopt);
  CHECK(matching_bracket(")", 0) == std::nullopt);
  CHECK(matching_bracket("abc", 0) == std::nullopt);
  CHECK(matching_bracket("ab\n()", 0) == std::nullopt);
  CHECK(matching_bracket("{\n}", 0) == 2);
}
