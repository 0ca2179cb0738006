#include "term/vi_keys.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::Typist;
using test::vi;
using Request = term::LineEditor::Request;

namespace {

struct Vi : Typist {
  Vi(std::initializer_list<std::string_view> entries = {}) : Typist(term::Keymap::vi, entries) {}
};

}  // namespace

TEST_CASE("a new line begins in insert mode, and Escape leaves it") {
  Vi typist;
  CHECK(typist.after("ix<Esc>") == "i|x");
  CHECK(typist.press("<Esc>") == Request::beep);
  CHECK(typist.after("ia") == "ia|x");
  typist.press("<Esc>");
  typist.editor.reset();
  CHECK(typist.after("i") == "i|");
}

TEST_CASE("insert mode has some editing keys") {
  CHECK(vi("one two<C-w>") == "one |");
  CHECK(vi("one two<C-u>") == "|");
  CHECK(vi("one<C-h>") == "on|");
  CHECK(vi("one<BS><Left>x") == "ox|n");
  CHECK(vi("a<C-v>\x01") == "a\x01|");
  CHECK(vi("ab<C-t>") == "ba|");
  CHECK(vi("ab<C-w><C-y>") == "ab|");
  CHECK(vi("ab<M-Enter>c") == "ab\nc|");
  CHECK(Vi().press("<C-v>") == Request::quote_next);
  CHECK(Vi().press("<Tab>") == Request::complete);
  CHECK(Vi().press("<Tab><Tab>") == Request::list);
  CHECK(Vi().press("<C-o>") == Request::beep);
}

TEST_CASE("Enter accepts in both modes") {
  CHECK(Vi().press("abc<Enter>") == Request::accept);
  CHECK(Vi().press("abc<Esc><Enter>") == Request::accept);
  CHECK(Vi().press("abc<Esc>d<Enter>") == Request::beep);
}

TEST_CASE("Ctrl-D ends with nothing typed, and never accepts") {
  CHECK(Vi().press("<C-d>") == Request::end);
  CHECK(Vi().press("<Esc><C-d>") == Request::end);
  CHECK(Vi().press("a<C-d>") == Request::beep);
}

TEST_CASE("a letter with Alt is Escape and the letter") {
  CHECK(vi("one two<M-b>") == "one |two");
  CHECK(vi("one two<Esc>0d<M-w>") == "one |two");
  CHECK(vi("one two<M-BS>") == "one |");
  CHECK(vi("one two<Left><M-A>!") == "one two!|");
  CHECK(vi("one two<M-Left>") == "one |two");
}

TEST_CASE("an insertion is undone as one") {
  CHECK(vi("one<Esc>a two<BS>x three<Esc>u") == "on|e");
  CHECK(vi("one two<Esc>0cwxyz<Esc>u") == "|one two");
  CHECK(vi("one two<Esc>u") == "|");
  CHECK(vi("a b c<Esc>0dwdwuu") == "|a b c");
  CHECK(vi("a b c<Esc>0dwx2u") == "|a b c");
  CHECK(vi("abc<Esc>xxU") == "|");
  CHECK(Vi().press("<Esc>u") == Request::beep);
}

TEST_CASE("Backspace puts back what was typed over, and no more") {
  CHECK(vi("hello<Esc>0RXY<BS><BS>") == "|hello");
  CHECK(vi("hello<Esc>0RXYZWVUT<BS><BS><BS>") == "XYZW|o");
  CHECK(vi("hello<Esc>0RX<BS><BS>Y") == "Y|ello");
  CHECK(vi("hello<Esc>0RXY<BS><Esc>u") == "|hello");
  CHECK(vi("a漢b<Esc>0Rxyz<BS><BS>") == "x|漢b");
  CHECK(vi("hello<Esc>0RXY<Left><BS>") == "X|Yllo");
  CHECK(Vi().press("ab<Esc>R<BS>") == Request::beep);
}

TEST_CASE("a change is repeated") {
  CHECK(vi("a b c d<Esc>0dw.") == "|c d");
  CHECK(vi("a b c d<Esc>0dw2.") == "|d");
  CHECK(vi("a b c d e<Esc>02dw.") == "|e");
  CHECK(vi("one two<Esc>0cwx<Esc>w.") == "x |x");
  CHECK(vi("ab<Esc>ix<Esc>.") == "a|xxb");
  CHECK(vi("abc<Esc>0rxl.") == "x|xc");
  CHECK(vi("abc<Esc>0Rx<Esc>l.") == "x|xc");
  CHECK(vi("a.b.c<Esc>0df..") == "|c");
  CHECK(vi("ab<Esc>0x.u") == "|b");
  CHECK(vi("ab<Esc>.") == "aa|bb");
  CHECK(vi("abc<Esc>x0i<Esc>.") == "|b");
  CHECK(vi("a b c<Esc>bC<Esc>b.") == "|");
  CHECK(vi("one two<Esc>0cwx<Esc>w.u") == "x |two");
  CHECK(Vi().press("<Esc>.") == Request::beep);
}

TEST_CASE("a count inserts so often") {
  CHECK(vi("ab<Esc>3ix<Esc>") == "axx|xb");
  CHECK(vi("ab<Esc>2Ax<BS>yz<Esc>") == "abyzy|z");
  CHECK(vi("ab<Esc>ix<Esc>5.") == "axxxx|xxb");
  CHECK(vi("ab<Esc>3ix<Esc>.") == "axxxx|xxb");
  CHECK(vi("ab<Esc>3ix<Esc>u") == "a|b");
  CHECK(vi("ab<Esc>3i<BS>x<Esc>") == "xx|xb");
  CHECK(vi("ab<Esc>3ix<Right>y<Esc>") == "axb|y");
  CHECK(vi("a A A b<Esc>02cfAx<Esc>") == "|x b");
}

TEST_CASE("Tab completes the word under the cursor in command mode, too") {
  for (const std::string_view key : {"<Tab>", "\\"}) {
    Vi typist;
    CHECK(typist.press("/con.x y<Esc>0" + std::string(key)) == Request::complete);
    CHECK(typist.after("!") == "/con.x!| y");
  }
  CHECK(Vi().press("/x<Esc><Tab><Tab>") == Request::list);
}

TEST_CASE("an insertion with a paste is repeated") {
  Vi typist;
  typist.press("a<Esc>a");
  (void)typist.editor.receive(test::pasted("xy"));
  CHECK(typist.after("<Esc>.") == "axyx|y");
}

TEST_CASE("a paste in command mode is inserted at the cursor") {
  Vi typist;
  typist.press("abc<Esc>2d");
  CHECK(typist.editor.receive(test::pasted("1\n2")) == Request::none);
  CHECK(typist.shown() == "ab1\n2|c");
  CHECK(typist.after("w") == "ab1\n2|c");
  CHECK(typist.after("u") == "ab|c");
}

TEST_CASE("in command mode the cursor stays on a character, whatever is put in") {
  Vi typist;
  typist.press("<Esc>");
  (void)typist.editor.receive(test::pasted("one\ntwo"));
  CHECK(typist.shown() == "one\ntw|o");
  CHECK(typist.press("v") == Request::edit);
  typist.editor.set_text("edited");
  CHECK(typist.shown() == "edite|d");
  CHECK(typist.after("x") == "edit|e");
}

TEST_CASE("k and j go through lines and then the history") {
  Vi typist{"one", "two", "three"};
  CHECK(typist.after("new<Esc>k") == "|three");
  CHECK(typist.after("2k") == "|one");
  CHECK(typist.press("k") == Request::beep);
  CHECK(typist.after("3j") == "ne|w");
  CHECK(typist.after("G") == "|one");
  CHECK(typist.after("2G") == "|two");
  CHECK(typist.press("9G") == Request::beep);
  CHECK(vi("abc<M-Enter>de<Esc>k") == "a|bc\nde");
}

TEST_CASE("lines are edited where they are reached from insert mode") {
  Vi typist{"one"};
  CHECK(typist.after("new<Up>!") == "one!|");
  CHECK(typist.after("<Esc>u") == "on|e");
  CHECK(typist.after("a<Down>?<Esc>u") == "ne|w");
}

TEST_CASE("command mode asks for what it needs") {
  CHECK(Vi().press("<Esc>v") == Request::edit);
  CHECK(Vi().press("<Esc>=") == Request::list);
  CHECK(Vi().press("<Esc><C-l>") == Request::clear_screen);
  CHECK(Vi().press("<Esc>Q") == Request::beep);
}

TEST_CASE("the incremental search is there in both modes") {
  Vi typist{"one", "two"};
  CHECK(typist.after("<C-r>on") == "|one");
  CHECK(typist.after("<Esc><Esc><C-r>tw<C-g>") == "|one");
}

TEST_CASE("settling ends what is half typed and goes to insert mode") {
  Vi typist{"one"};
  typist.press("ab<Esc>3d");
  typist.editor.settle();
  CHECK(typist.editor.status().empty());
  CHECK(typist.after("w") == "aw|b");
  typist.press("<Esc>/on");
  typist.editor.settle();
  CHECK(typist.shown() == "a|wb");
}
