#include "term/edit_commands.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::emacs;
using test::Typist;
using Request = term::LineEditor::Request;

TEST_CASE("Ctrl-A and Ctrl-E stay in the line of a text") {
  CHECK(emacs("ab<M-Enter>cd<C-a>") == "ab\n|cd");
  CHECK(emacs("ab<M-Enter>cd<C-a><C-a><C-b><C-a>") == "|ab\ncd");
  CHECK(emacs("ab<M-Enter>cd<M-lt><C-p><Home><C-e>") == "ab|\ncd");
  CHECK(emacs("ab<Home>x<End>y") == "xaby|");
}

TEST_CASE("the cursor moves by characters and words") {
  CHECK(emacs("añe\u0301x<C-b><C-b>") == "añ|e\u0301x");
  CHECK(emacs("ab<Left><Left><Left>x<C-f>y") == "xay|b");
  CHECK(emacs("one two<M-b>") == "one |two");
  CHECK(emacs("one two<C-Left><M-Left><M-f>") == "one| two");
  CHECK(emacs("one two<C-a><C-Right><M-Right>") == "one two|");
  Typist typist;
  CHECK(typist.press("<C-b>") == Request::beep);
  CHECK(typist.press("<M-f>") == Request::beep);
}

TEST_CASE("the mark is a place to come back to, and each line has its own") {
  CHECK(emacs("one two<M-b><C-@><C-a><C-x><C-x>") == "one |two");
  CHECK(emacs("one two<M-b><C-@><C-a><C-x><C-x><C-x><C-x>") == "|one two");
  CHECK(emacs("one two<C-x><C-x>") == "|one two");
  CHECK(emacs("one two<C-@><C-u>x<C-x><C-x>") == "x|");
  CHECK(emacs("a<M-2><C-@>漢<C-x><C-x>") == "a漢|");
  CHECK(emacs("ab<C-w>x<C-y>y<C-x><C-x>") == "x|aby");
  Typist typist(term::Keymap::emacs, {"entry"});
  CHECK(typist.after("new<C-@><Up><C-x><C-x>") == "|entry");
}

TEST_CASE("Alt-P and Alt-N find the entries that begin alike") {
  Typist typist(term::Keymap::emacs, {"/ping", "/send a", "text", "/send b"});
  CHECK(typist.after("/se<M-p>") == "/se|nd b");
  CHECK(typist.after("<M-p>") == "/se|nd a");
  CHECK(typist.press("<M-p>") == Request::beep);
  CHECK(typist.after("<M-n>") == "/se|nd b");
  CHECK(typist.after("<M-n>") == "/se|");
  CHECK(typist.press("<M-n>") == Request::beep);
  CHECK(typist.after("<M-2><M-p>") == "/se|nd a");
  CHECK(typist.after("<C-a><C-f><M-p>") == "/|ping");
  typist.editor.reset();
  CHECK(typist.after("<M-p>") == "/send b|");
  CHECK(typist.after("<M-p>") == "text|");
}

TEST_CASE("up and down keep the column within a text") {
  CHECK(emacs("abcdef<M-Enter>gh<M-Enter>ijklmn<C-b><Up>") == "abcdef\ngh|\nijklmn");
  CHECK(emacs("abcdef<M-Enter>gh<M-Enter>ijklmn<C-b><Up><Up>") == "abcde|f\ngh\nijklmn");
  CHECK(emacs("abcdef<M-Enter>gh<M-Enter>ijklmn<C-b><Up><Up><Down><Down>") == "abcdef\ngh\nijklm|n");
  CHECK(emacs("漢字<M-Enter>abc<Up>") == "漢|字\nabc");
  Typist typist;
  (void)typist.editor.receive(test::pasted("\tx\nabcdef"));
  CHECK(typist.after("<Up><Left><Down>") == "\tx\nabcd|ef");
}

TEST_CASE("up and down go through the history from the first and last line") {
  Typist typist(term::Keymap::emacs, {"one", "two\n2"});
  CHECK(typist.after("new<Up>") == "two\n2|");
  CHECK(typist.after("<Up>") == "t|wo\n2");
  CHECK(typist.after("<Up>") == "one|");
  CHECK(typist.press("<Up>") == Request::beep);
  CHECK(typist.after("<Down>") == "two\n2|");
  CHECK(typist.after("<C-n>") == "new|");
  CHECK(typist.press("<Down>") == Request::beep);
  CHECK(typist.after("<M-lt>") == "one|");
  CHECK(typist.after("<M-gt>") == "new|");
  CHECK(typist.after("<M-2><C-p>") == "one|");
  CHECK(typist.after("<PageDown>") == "two\n2|");
  CHECK(typist.after("<PageUp>") == "one|");
}

TEST_CASE("edited entries stay edited until a line is accepted") {
  Typist typist(term::Keymap::emacs, {"one", "two"});
  CHECK(typist.after("<Up>!<Up>?<Down>") == "two!|");
  CHECK(typist.press("<Enter>") == Request::accept);
  CHECK(typist.editor.text() == "two!");
  typist.editor.reset();
  CHECK(typist.after("<Up>") == "two|");
  CHECK(typist.after("<Up>") == "one|");
}

TEST_CASE("characters are deleted, and with an argument killed") {
  CHECK(emacs("añe\u0301<BS>") == "añ|");
  CHECK(emacs("abc<C-h><C-a><Del>") == "|b");
  CHECK(emacs("abc<C-a><C-d>") == "|bc");
  CHECK(emacs("abcdef<C-a><M-3><C-d><C-e><C-y>") == "defabc|");
  CHECK(emacs("abcdef<M-2><BS><C-a><C-y>") == "ef|abcd");
  CHECK(emacs("abc<C-b><M--><Del>") == "a|c");
  CHECK(emacs("a  \t b<C-b><M-\\>") == "a|b");
}

TEST_CASE("Ctrl-D ends with nothing typed, but not when it has just deleted") {
  Typist typist;
  CHECK(typist.press("<C-d>") == Request::end);
  CHECK(typist.press("a<C-d>") == Request::beep);
  CHECK(typist.press("<C-a><C-d>") == Request::none);
  CHECK(typist.press("<C-d>") == Request::beep);
  CHECK(typist.press("<C-d>") == Request::beep);
  CHECK(typist.press("<C-a><C-d>") == Request::end);
}

TEST_CASE("words and lines are killed") {
  CHECK(emacs("one two.three<M-BS>") == "one two.|");
  CHECK(emacs("one two.three<C-w>") == "one |");
  CHECK(emacs("one two<C-a><M-d>") == "| two");
  CHECK(emacs("one two<M-b><C-k>") == "one |");
  CHECK(emacs("one two<M-b><C-u>") == "|two");
  CHECK(emacs("one two<C-M-h>") == "one |");
  CHECK(emacs("ab<M-Enter>cd<C-u>") == "ab\n|");
  CHECK(emacs("ab<M-Enter>cd<C-u><C-u>") == "ab|");
  CHECK(emacs("ab<M-Enter>cd<Up><C-k>") == "ab|cd");
}

TEST_CASE("what was killed is yanked, runs of kills as one") {
  CHECK(emacs("one two<C-w><C-w><C-y>") == "one two|");
  CHECK(emacs("one two<C-a><M-d><M-d><C-y><C-y>") == "one twoone two|");
  CHECK(emacs("a b<C-w>x<C-w><C-y>") == "a x|");
  CHECK(emacs("a b<C-w><C-a><C-k><C-y><M-y>") == "b|");
  Typist typist;
  CHECK(typist.press("<C-y>") == Request::beep);
  CHECK(typist.press("a<C-w><C-y>b<M-y>") == Request::beep);
}

TEST_CASE("the kill ring stays when a new line begins") {
  Typist typist;
  typist.press("secret<C-u>");
  typist.editor.reset();
  CHECK(typist.after("<C-y>") == "secret|");
}

TEST_CASE("edits are undone one after the other, or all at once") {
  CHECK(emacs("one<C-w>two<C-_>") == "|");
  CHECK(emacs("one<C-w>two<C-_><C-_>") == "one|");
  CHECK(emacs("one<C-w>two<C-x><C-u><C-/>") == "one|");
  Typist typist(term::Keymap::emacs, {"entry"});
  CHECK(typist.after("<Up><C-w>x y z<M-r>") == "entry|");
  CHECK(typist.press("<M-r>") == Request::beep);
  CHECK(typist.press("<C-_>") == Request::beep);
}

TEST_CASE("Insert types over what is there") {
  CHECK(emacs("abc<C-a><Ins>x<Ins>y") == "xy|bc");
  Typist typist;
  typist.press("<Ins>");
  typist.editor.reset();
  CHECK(typist.after("ab<C-a>x") == "x|ab");
}

TEST_CASE("keys that need the owner say so") {
  Typist typist;
  CHECK(typist.press("<Tab>") == Request::complete);
  CHECK(typist.press("<Tab>") == Request::list);
  CHECK(typist.press("x<Tab>") == Request::complete);
  typist.editor.replace(0, 1, "xyz");
  CHECK(typist.press("<Tab>") == Request::complete);
  typist.editor.replace(0, 3, "xyz");
  CHECK(typist.press("<Tab>") == Request::list);
  CHECK(typist.press("<M-?>") == Request::list);
  CHECK(typist.press("<C-l>") == Request::clear_screen);
  CHECK(typist.press("<C-v>") == Request::quote_next);
  CHECK(typist.press("<C-q>") == Request::quote_next);
  CHECK(typist.press("<C-x><C-e>") == Request::edit);
  for (const char* enter : {"<Enter>", "<C-j>", "<C-m>"}) CHECK(typist.press(enter) == Request::accept);
}

TEST_CASE("a quoted character is inserted, whatever it is") {
  CHECK(emacs("a<C-v>\x01\x1b") == "a\x01\x1b|");
  CHECK(emacs("<C-v>\t<C-v>\n") == "\t\n|");
}
