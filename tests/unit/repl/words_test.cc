#include "repl/words.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/cli/environment.h"

using namespace wscope;
using Texts = std::vector<std::string>;
using Variables = std::vector<test::Environment::Variable>;

namespace {

Texts texts(std::string_view line) {
  const auto words = repl::split_words(line);
  REQUIRE(words.ok());
  Texts all;
  for (const repl::Word& word : *words) all.push_back(word.text);
  return all;
}

}  // namespace

TEST_CASE("words stand between blanks") {
  CHECK(texts("").empty());
  CHECK(texts(" \t\n ").empty());
  CHECK(texts("  one\ttwo\nthree ") == Texts{"one", "two", "three"});
}

TEST_CASE("quotes and backslashes keep blanks, as in a shell") {
  CHECK(texts(R"('a b' "c d" e\ f)") == Texts{"a b", "c d", "e f"});
  CHECK(texts(R"(a'b c'"d e"f)") == Texts{"ab cd ef"});
  CHECK(texts(R"('' "")") == Texts{"", ""});
  CHECK(texts(R"('a\b"c')") == Texts{R"(a\b"c)"});
  CHECK(texts(R"("a\"b\\c\d'")") == Texts{R"(a"b\c\d')"});
  CHECK(texts(R"(\'a \\)") == Texts{"'a", "\\"});
  CHECK(texts("end\\") == Texts{"end\\"});
}

TEST_CASE("a quotation mark that is not closed is an error") {
  for (const char* line : {"'", "\"", "a 'b c", R"("a\")"}) {
    const auto words = repl::split_words(line);
    REQUIRE(!words.ok());
    CHECK(words.error().kind == base::ErrorKind::usage);
    CHECK(words.error().message == "a quotation mark is not closed");
  }
}

TEST_CASE("a word knows where it begins, its quote included") {
  const auto words = repl::split_words("  one 'two' ");
  REQUIRE(words.ok());
  REQUIRE(words->size() == 2);
  CHECK((*words)[0].begin == 2);
  CHECK((*words)[1].begin == 6);
}

TEST_CASE("the last word of a line may be empty or still in quotes") {
  const struct {
    std::string line;
    std::string text;
    std::size_t begin;
  } rows[] = {{"", "", 0},
              {"one", "one", 0},
              {"one ", "", 4},
              {"one tw", "tw", 4},
              {"one 'two th", "two th", 4},
              {"one 'two' ", "", 10},
              {R"(a b\ c)", "b c", 2}};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const repl::Word word = repl::last_word(row.line);
    CHECK(word.text == row.text);
    CHECK(word.begin == row.begin);
  }
}

TEST_CASE("a quoted word is read back as it was, and quoted only if it must be") {
  CHECK(repl::quote_word("plain/path-1.txt") == "plain/path-1.txt");
  for (const char* text : {"", "a b", "it's", R"(a"b\c)", "\t\n", "''", "é b"}) {
    CAPTURE(text);
    const std::string quoted = repl::quote_word(text);
    CHECK(quoted.front() == '\'');
    CHECK(texts(quoted) == Texts{text});
    CHECK(texts("x " + quoted + " y") == Texts{"x", text, "y"});
  }
}

TEST_CASE("a word that is taken leaves the rest without the blanks around it") {
  std::string_view line = "  one \t two  three ";
  CHECK(repl::take_word(line) == "one");
  CHECK(line == "two  three ");
  CHECK(repl::take_word(line) == "two");
  CHECK(repl::take_word(line) == "three");
  CHECK(line.empty());
  CHECK(repl::take_word(line).empty());
}

TEST_CASE("the home of whoever types is ~/, and nothing else is") {
  const test::Environment environment(Variables{{"HOME", "/home/me"}});
  CHECK(repl::expand_home("~/x y") == "/home/me/x y");
  for (const char* path : {"", "~", "~you/x", "a~/x", "/~/x"}) CHECK(repl::expand_home(path) == path);
  const test::Environment homeless(Variables{{"HOME"}});
  CHECK(repl::expand_home("~/x") == "~/x");
}

TEST_CASE("a line in an error is safe and not long") {
  CHECK(repl::quote_beginning("hi\x1b[m") == R"("hi\x1b[m")");
  CHECK(repl::quote_beginning(std::string(41, 'x')) == "\"" + std::string(40, 'x') + "…\"");
}
