#include "term/emacs_keys.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::emacs;
using test::Typist;
using Request = term::LineEditor::Request;

TEST_CASE("a numeric argument is shown while it is typed") {
  Typist typist;
  typist.press("<M-5>");
  CHECK(typist.editor.status() == "(arg: 5) ");
  typist.press("2");
  CHECK(typist.editor.status() == "(arg: 52) ");
  typist.press("x");
  CHECK(typist.editor.status().empty());
  CHECK(typist.editor.text() == std::string(52, 'x'));
  typist.press("<M-->");
  CHECK(typist.editor.status() == "(arg: -1) ");
  typist.press("3");
  CHECK(typist.editor.status() == "(arg: -3) ");
  typist.press("<C-f>");
  CHECK(typist.editor.cursor() == 49);
}

TEST_CASE("Ctrl-G ends an argument") {
  Typist typist;
  CHECK(typist.press("<M-5><C-g>") == Request::beep);
  CHECK(typist.editor.status().empty());
  CHECK(typist.after("x") == "x|");
}

TEST_CASE("an argument is bounded") {
  Typist typist;
  for (int i = 0; i < 30; ++i) typist.press("<M-9>");
  CHECK(typist.editor.status() == "(arg: 1000000) ");
  typist.press("x");
  CHECK(typist.editor.text().size() == 1'000'000);
}

TEST_CASE("negative arguments go the other way") {
  CHECK(emacs("one two<M--><M-f>") == "one |two");
  CHECK(emacs("one two<M--><M-d>") == "one |");
  CHECK(emacs("one two<M-b><M--><C-k>") == "|two");
  CHECK(emacs("abc<M-2><C-b>") == "a|bc");
}

TEST_CASE("Escape is a prefix that is Alt") {
  CHECK(emacs("one two<Esc>b") == "one |two");
  CHECK(emacs("one<Esc><Enter>two") == "one\ntwo|");
  CHECK(emacs("one<Esc><C-j>two") == "one\ntwo|");
  CHECK(emacs("<Esc>3x") == "xxx|");
  CHECK(Typist().press("<Esc><Esc>") == Request::beep);
  CHECK(emacs("<M-3><Esc><Esc>x") == "x|");
  CHECK(emacs("one two<Esc>B") == "one |two");
  CHECK(emacs("one two<M-B>") == "one |two");
}

TEST_CASE("a character is searched for with Ctrl-]") {
  CHECK(emacs("abcabc<C-a><C-]>c") == "ab|cabc");
  CHECK(emacs("abcabc<C-M-]>b") == "abca|bc");
  CHECK(Typist().press("abc<C-]>z") == Request::beep);
  CHECK(emacs("abcabcabc<C-a><M-3><C-]>c") == "abcabcab|c");
  CHECK(emacs("abcabcabc<M--><M-2><C-]>a") == "abc|abcabc");
}

TEST_CASE("what is quoted is inserted so often, digits too") {
  CHECK(Typist().press("<M-3><C-v>") == Request::quote_next);
  CHECK(emacs("<M-3><C-v>x") == "xxx|");
  CHECK(emacs("<M-3><C-q>5y") == "555y|");
  CHECK(emacs("ab<C-v><C-a>c") == "c|ab");
}

TEST_CASE("a paste is inserted, whatever was begun before it") {
  for (const std::string_view begun : {"<Esc>", "<C-x>", "<C-]>", "<C-M-]>", "<C-v>", "<M-3>"}) {
    CAPTURE(begun);
    Typist typist;
    typist.press(begun);
    CHECK(typist.editor.receive(test::pasted("text")) == Request::none);
    CHECK(typist.after("e") == "texte|");
  }
}

TEST_CASE("Ctrl-X Backspace kills to the beginning of the line") {
  CHECK(emacs("ab cd<C-b><C-x><BS><C-e><C-y>") == "dab c|");
}

TEST_CASE("prefixes of nothing beep") {
  CHECK(Typist().press("<C-x>x") == Request::beep);
  CHECK(Typist().press("<M-z>") == Request::beep);
  CHECK(Typist().press("<C-g>") == Request::beep);
  CHECK(Typist().press("<Unknown>") == Request::beep);
}

TEST_CASE("a paste is one edit") {
  Typist typist;
  typist.press("ab<C-b>");
  CHECK(typist.editor.receive(test::pasted("1\n<C-a>\t")) == Request::none);
  CHECK(typist.shown() == "a1\n<C-a>\t|b");
  CHECK(typist.after("<C-_>") == "a|b");
}

TEST_CASE("bytes that are no UTF-8 are inserted") {
  Typist typist;
  term::Key key = test::key("x");
  key.name = term::Key::Name::invalid;
  key.text = "\xff";
  CHECK(typist.editor.receive(key) == Request::none);
  CHECK(typist.shown() == "\xff|");
}
