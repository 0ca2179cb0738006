#include "term/incremental_search.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::Typist;
using Request = term::LineEditor::Request;

namespace {

struct Searcher : Typist {
  Searcher() : Typist(term::Keymap::emacs, {"alpha one", "beta", "gamma alpha", "đčř"}) {}
};

}  // namespace

TEST_CASE("a search shows what is looked for and the latest line that has it") {
  Searcher searcher;
  CHECK(searcher.after("<C-r>") == "|");
  CHECK(searcher.editor.status() == "(reverse-i-search)`': ");
  CHECK(searcher.after("alp") == "gamma |alpha");
  CHECK(searcher.editor.status() == "(reverse-i-search)`alp': ");
  CHECK(searcher.after("<C-r>") == "|alpha one");
  CHECK(searcher.after("<C-s>") == "|alpha one");
  CHECK(searcher.editor.status() == "(i-search)`alp': ");
  CHECK(searcher.after("<C-s>") == "gamma |alpha");
}

TEST_CASE("matches within a line come one after the other") {
  Typist typist(term::Keymap::emacs, {"aXbXc"});
  CHECK(typist.after("<C-r>X") == "aXb|Xc");
  CHECK(typist.after("<C-r>") == "a|XbXc");
  CHECK(typist.press("<C-r>") == Request::beep);
  CHECK(typist.shown() == "a|XbXc");
  CHECK(typist.after("<C-s><C-s>") == "aXb|Xc");
}

TEST_CASE("a search that fails says so and stays where it was") {
  Searcher searcher;
  CHECK(searcher.press("<C-r>betx") == Request::beep);
  CHECK(searcher.shown() == "|beta");
  CHECK(searcher.editor.status() == "(failed reverse-i-search)`betx': ");
  CHECK(searcher.after("<BS>") == "|beta");
  CHECK(searcher.editor.status() == "(reverse-i-search)`bet': ");
  CHECK(searcher.press("<BS><BS><C-h><BS>") == Request::beep);
}

TEST_CASE("Ctrl-G puts everything back") {
  Searcher searcher;
  searcher.press("typed<C-b><C-r>alp<C-r>");
  CHECK(searcher.press("<C-g>") == Request::beep);
  CHECK(searcher.shown() == "type|d");
  CHECK(searcher.editor.status().empty());
}

TEST_CASE("what goes on behind the match is looked for, too") {
  Typist typist(term::Keymap::emacs, {"alpha two\nb", "alpha one, two", "al"});
  CHECK(typist.after("<C-r>lp<C-w>") == "a|lpha one, two");
  CHECK(typist.editor.status() == "(reverse-i-search)`lpha': ");
  CHECK(typist.press("<C-w>") == Request::beep);
  CHECK(typist.after(" <C-w><C-y>") == "a|lpha one, two");
  CHECK(typist.editor.status() == "(reverse-i-search)`lpha one, two': ");
  CHECK(typist.press("<C-y>") == Request::beep);
  CHECK(typist.after("<C-g><C-r>tw<C-r><C-y>") == "alpha |two\nb");
  CHECK(typist.editor.status() == "(reverse-i-search)`two': ");
}

TEST_CASE("a paste is looked for") {
  Searcher searcher;
  searcher.press("<C-r>");
  CHECK(searcher.editor.receive(test::pasted("alpha")) == Request::none);
  CHECK(searcher.shown() == "gamma |alpha");
  CHECK(searcher.editor.status() == "(reverse-i-search)`alpha': ");
}

TEST_CASE("Ctrl-J stays with what was found and accepts nothing") {
  Searcher searcher;
  CHECK(searcher.press("<C-r>bet<C-j>") == Request::none);
  CHECK(searcher.shown() == "|beta");
  CHECK(searcher.editor.status().empty());
  CHECK(searcher.press("<C-j>") == Request::accept);
}

TEST_CASE("Enter accepts what was found") {
  Searcher searcher;
  CHECK(searcher.press("<C-r>bet<Enter>") == Request::accept);
  CHECK(searcher.editor.text() == "beta");
  CHECK(searcher.editor.status().empty());
}

TEST_CASE("other keys end the search and do what they do") {
  CHECK(Searcher().after("<C-r>bet<C-e>") == "beta|");
  CHECK(Searcher().after("<C-r>bet<Esc>x") == "x|beta");
  CHECK(Searcher().after("<C-r>bet<Up>") == "alpha one|");
  CHECK(Searcher().after("<C-r>alp<M-d>") == "gamma |");
}

TEST_CASE("the pattern before is looked for again") {
  Searcher searcher;
  CHECK(searcher.press("<C-r><C-r>") == Request::beep);
  searcher.press("alp<C-g>");
  CHECK(searcher.after("<C-r><C-r>") == "gamma |alpha");
  CHECK(searcher.editor.status() == "(reverse-i-search)`alp': ");
}

TEST_CASE("patterns are of any characters, and edited by whole ones") {
  Searcher searcher;
  CHECK(searcher.after("<C-r>čř") == "đ|čř");
  CHECK(searcher.after("<BS>") == "đ|čř");
  CHECK(searcher.editor.status() == "(reverse-i-search)`č': ");
  searcher.press("\x1b");
  CHECK(searcher.editor.status() == "(failed reverse-i-search)`č^[': ");
}

TEST_CASE("edited lines are found as they are now") {
  Searcher searcher;
  CHECK(searcher.after("<Up><Up>!!<Down><Down><C-r>!!") == "gamma alpha|!!");
  CHECK(searcher.after("<C-g>") == "|");
  CHECK(searcher.after("new<C-r>ne") == "|new");
}
