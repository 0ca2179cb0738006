#include "term/vi_search.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::Typist;
using Request = term::LineEditor::Request;

namespace {

struct Searcher : Typist {
  Searcher() : Typist(term::Keymap::vi, {"alpha one", "beta", "gamma alpha"}) {}
};

}  // namespace

TEST_CASE("the pattern is shown while it is typed") {
  Searcher searcher;
  CHECK(searcher.after("typed<Esc>/alz<BS>") == "al|");
  CHECK(searcher.editor.status() == "/");
  CHECK(searcher.after("<Esc>") == "type|d");
  CHECK(searcher.editor.status().empty());
  searcher.press("?");
  CHECK(searcher.editor.status() == "?");
  CHECK(searcher.after("x<C-u>") == "|");
  CHECK(searcher.after("<BS>") == "type|d");
}

TEST_CASE("older lines are found, and again") {
  Searcher searcher;
  CHECK(searcher.press("<Esc>/alpha<Enter>") == Request::none);
  CHECK(searcher.shown() == "|gamma alpha");
  CHECK(searcher.after("n") == "|alpha one");
  CHECK(searcher.press("n") == Request::beep);
  CHECK(searcher.after("N") == "|gamma alpha");
  CHECK(searcher.after("/<Enter>") == "|alpha one");
  CHECK(searcher.after("?<Enter>") == "|gamma alpha");
}

TEST_CASE("a caret is the beginning of the text") { CHECK(Searcher().after("<Esc>/^alpha<Enter>") == "|alpha one"); }

TEST_CASE("what is not found changes nothing") {
  Searcher searcher;
  CHECK(searcher.press("abc<Esc>n") == Request::beep);
  CHECK(searcher.press("/zzz<Enter>") == Request::beep);
  CHECK(searcher.shown() == "ab|c");
  CHECK(searcher.press("/z<Left>") == Request::beep);
}

TEST_CASE("a paste goes into the pattern") {
  Searcher searcher;
  searcher.press("<Esc>/");
  (void)searcher.editor.receive(test::pasted("beta"));
  CHECK(searcher.after("<Enter>") == "|beta");
}
