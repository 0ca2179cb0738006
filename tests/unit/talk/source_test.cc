#include "talk/source.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("columns are counted in characters of their line") {
  CHECK(talk::column_of("abc", 0) == 1);
  CHECK(talk::column_of("abc", 3) == 4);
  CHECK(talk::column_of("\u00e9\u00e9x", 4) == 3);
  CHECK(talk::column_of("one\ntwo", 4) == 1);
  CHECK(talk::column_of("one\ntwo", 3) == 4);
}

TEST_CASE("an excerpt is a line with a caret") {
  CHECK(talk::excerpt_of(".a = 1", 3) == "  .a = 1\n     ^");
  CHECK(talk::excerpt_of("\u00e9 = 1", 3) == "  \u00e9 = 1\n    ^");
  CHECK(talk::excerpt_of("one\ntwo\nthree", 5) == "  two\n   ^");
  CHECK(talk::excerpt_of("", 0) == "  \n  ^");
}

TEST_CASE("of a long line there is the part around the caret") {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  const std::string excerpt = talk::excerpt_of(line, 300);
  CHECK(excerpt.size() < 200);
  const std::size_t caret = excerpt.find('^') - excerpt.find('\n') - 1;
  CHECK(excerpt[caret] == 'X');
}

TEST_CASE("words end where no name goes on") {
  talk::Source source("and android");
  CHECK(source.take_word("and"));
  source.skip_blanks();
  CHECK(!source.take_word("and"));
  CHECK(source.take_name() == "android");
  CHECK(source.at_end());
  CHECK(source.front() == '\0');
}

TEST_CASE("what was wrong first is what is told") {
  talk::Source source("abc");
  source.fail(1, "first");
  source.fail(2, "second");
  CHECK(source.flaw()->message == "first");
  const base::Error error = talk::describe(*source.flaw(), source.text());
  CHECK(error.kind == base::ErrorKind::usage);
  CHECK(error.excerpt == "  abc\n   ^");
}
