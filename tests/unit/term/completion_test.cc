#include "term/completion.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace wscope::term;

TEST_CASE("the common prefix is what all words begin with") {
  CHECK(common_prefix({}).empty());
  CHECK(common_prefix({"close"}) == "close");
  CHECK(common_prefix({"close", "clear", "clock"}) == "cl");
  CHECK(common_prefix({"a", "b"}).empty());
  CHECK(common_prefix({"ab", "abc", ""}).empty());
}

TEST_CASE("the common prefix has no half characters") {
  CHECK(common_prefix({"xé", "xè"}) == "x");
  CHECK(common_prefix({"漢", "漣"}).empty());
  CHECK(common_prefix({"xe\u0301", "xe\u0302"}) == "x");
  CHECK(common_prefix({"e", "e\u0301"}).empty());
}

TEST_CASE("words stand in columns, top to bottom, as narrow as they can be") {
  CHECK(in_columns({"a", "bb", "c"}, 80, 10) == "a  bb  c\n");
  CHECK(in_columns({"a", "b", "c", "d", "e"}, 8, 10) == "a  c  e\nb  d\n");
  CHECK(in_columns({"long-word", "x"}, 5, 10) == "long-word\nx\n");
  CHECK(in_columns({}, 80, 10).empty());
  CHECK(in_columns({"a"}, 80, 0).empty());
  CHECK(in_columns({"漢字", "b", "c", "d"}, 9, 9) == "漢字  c\nb     d\n");
}

TEST_CASE("a row at the end says how many words are not shown") {
  CHECK(in_columns({"aa", "bb", "cc", "dd", "ee", "ff"}, 8, 2) == "aa  bb\n… 4 more\n");
  CHECK(in_columns({"a", "b", "c", "d", "e", "f", "g"}, 6, 3) == "a  c\nb  d\n… 3 more\n");
  CHECK(in_columns({"long-word", "b", "c"}, 6, 2) == "long-word\n… 2 more\n");
  CHECK(in_columns({"aa", "bb", "cc"}, 3, 1) == "… 3 more\n");
}

TEST_CASE("no word can control the terminal") { CHECK(in_columns({"a\x1b[2J\xff"}, 80, 5) == "a^[[2J\\xff\n"); }

TEST_CASE("odd screens and many words are no trouble") {
  std::vector<std::string> words;
  for (int i = 0; i < 50'000; ++i) words.push_back("word" + std::to_string(i));
  for (const unsigned columns : {0U, 1U, 2U, 80U, 1'000'000U}) {
    const std::string text = in_columns(words, columns, 10);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 10);
  }
}
