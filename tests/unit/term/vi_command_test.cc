#include "term/vi_command.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::Typist;
using test::vi;
using Request = term::LineEditor::Request;

TEST_CASE("motions move on characters") {
  CHECK(vi("abc<Esc>") == "ab|c");
  CHECK(vi("abc<Esc>h") == "a|bc");
  CHECK(vi("abc<Esc>0l") == "a|bc");
  CHECK(vi("abc<Esc>0$") == "ab|c");
  CHECK(vi("one two<Esc>0w") == "one |two");
  CHECK(vi("one two<Esc>b") == "one |two");
  CHECK(vi("one two<Esc>0e") == "on|e two");
  CHECK(vi("  one<Esc>0^") == "  |one");
  CHECK(vi("abcdef<Esc>4|") == "abc|def");
  CHECK(vi("a(b)c<Esc>0%") == "a(b|)c");
  CHECK(vi("a.b.c<Esc>0f.;") == "a.b|.c");
  CHECK(vi("a.b.c<Esc>F.,") == "a.b|.c");
  CHECK(vi("a b c d<Esc>03w") == "a b c |d");
  CHECK(Typist(term::Keymap::vi).press("abc<Esc>l") == Request::none);
  CHECK(Typist(term::Keymap::vi).press("abc<Esc>0h") == Request::beep);
  CHECK(Typist(term::Keymap::vi).press("abc<Esc>fz") == Request::beep);
}

TEST_CASE("operators take what a motion goes over") {
  CHECK(vi("one two three<Esc>0dw") == "|two three");
  CHECK(vi("one two three<Esc>0d2w") == "|three");
  CHECK(vi("one two three<Esc>02dw") == "|three");
  CHECK(vi("one two<Esc>db") == "one |o");
  CHECK(vi("one two<Esc>0de") == "| two");
  CHECK(vi("one two<Esc>0dfe") == "| two");
  CHECK(vi("one two<Esc>0dtt") == "|two");
  CHECK(vi("one two<Esc>dTo") == "o|o");
  CHECK(vi("a(b)c<Esc>0ld%") == "a|c");
  CHECK(vi("one two<Esc>wd0") == "|o");
  CHECK(vi("one two<Esc>0wd$") == "one| ");
  CHECK(vi("abc<Esc>dh") == "a|c");
  CHECK(vi("abc<Esc>0dl") == "|bc");
}

TEST_CASE("doubled operators take the line") {
  CHECK(vi("abc<Esc>dd") == "|");
  CHECK(vi("abc<Esc>ccx") == "x|");
  CHECK(vi("abc<Esc>yyp") == "abcab|c");
  CHECK(vi("ab<C-v>\ncd<C-v>\nef<Esc>kdd") == "ab\n|ef");
  CHECK(vi("ab<C-v>\ncd<Esc>dd") == "|ab");
  CHECK(vi("ab<C-v>\ncd<Esc>kccx") == "x|\ncd");
  CHECK(vi("ab<C-v>\ncd<C-v>\nef<Esc>kk2dd") == "|ef");
}

TEST_CASE("changes go on in insert mode") {
  CHECK(vi("one two<Esc>0cwx") == "x| two");
  CHECK(vi("one two<Esc>0wcwx") == "one x|");
  CHECK(vi("one two<Esc>0c$x") == "x|");
  CHECK(vi("one two<Esc>0wCx") == "one x|");
  CHECK(vi("one two<Esc>Sx") == "x|");
  CHECK(vi("one<Esc>sx") == "onx|");
  CHECK(vi("one<Esc>02sx") == "x|e");
  CHECK(vi("<Esc>Cx") == "x|");
  CHECK(vi("<Esc>cwx") == "x|");
  CHECK(vi("one<Esc>c0x") == "x|e");
}

TEST_CASE("characters are deleted, replaced and change case") {
  CHECK(vi("abc<Esc>x") == "a|b");
  CHECK(vi("abc<Esc>0x") == "|bc");
  CHECK(vi("abc<Esc>X") == "a|c");
  CHECK(vi("abc<Esc>02x") == "|c");
  CHECK(vi("abc<Esc>0D") == "|");
  CHECK(vi("abc<Esc>0rx") == "|xbc");
  CHECK(vi("abc<Esc>02ré") == "é|éc");
  CHECK(vi("aBc<Esc>02~") == "Ab|c");
  CHECK(vi("abc<Esc>~") == "ab|C");
  Typist typist(term::Keymap::vi);
  CHECK(typist.press("abc<Esc>9rx") == Request::beep);
  CHECK(typist.shown() == "ab|c");
  CHECK(Typist(term::Keymap::vi).press("<Esc>x") == Request::beep);
  CHECK(Typist(term::Keymap::vi).press("<Esc>~") == Request::beep);
}

TEST_CASE("what was cut out or yanked is put in") {
  CHECK(vi("abc<Esc>0xp") == "b|ac");
  CHECK(vi("abc<Esc>0xP") == "|abc");
  CHECK(vi("one two<Esc>0yw$p") == "one twoone| ");
  CHECK(vi("abc<Esc>0Y$p") == "abcab|c");
  CHECK(vi("ab<Esc>x3p") == "abb|b");
  CHECK(vi("one two<Esc>yb") == "one |two");
  CHECK(Typist(term::Keymap::vi).press("a<Esc>p") == Request::beep);
}

TEST_CASE("insert mode begins where the key says") {
  CHECK(vi("abc<Esc>ix") == "abx|c");
  CHECK(vi("abc<Esc>ax") == "abcx|");
  CHECK(vi("abc<Esc>Ix") == "x|abc");
  CHECK(vi("abc<Esc>0Ax") == "abcx|");
  CHECK(vi("abc<Esc>0Rxy") == "xy|c");
  CHECK(vi("abc<Esc>0Rxyz!") == "xyz!|");
  CHECK(vi("<Esc>ax") == "x|");
}

TEST_CASE("half a command is forgotten with Escape or when it makes no sense") {
  CHECK(vi("one two<Esc>0d<Esc>w") == "one |two");
  CHECK(vi("one two<Esc>03<Esc>w") == "one |two");
  CHECK(vi("one two<Esc>0dzw") == "one |two");
  Typist typist(term::Keymap::vi);
  CHECK(typist.press("ab<Esc>d<Left>") == Request::beep);
  CHECK(typist.press("z") == Request::beep);
  CHECK(typist.press("é") == Request::beep);
  CHECK(typist.shown() == "a|b");
}

TEST_CASE("a count is shown and bounded") {
  Typist typist(term::Keymap::vi);
  typist.press("abc<Esc>12");
  CHECK(typist.editor.status() == "(arg: 12) ");
  for (int i = 0; i < 30; ++i) typist.press("9");
  CHECK(typist.editor.status() == "(arg: 1000000) ");
  typist.press("d99999999h");
  CHECK(typist.shown() == "|c");
  CHECK(typist.editor.status().empty());
}

TEST_CASE("marks are places to come back to") {
  CHECK(vi("foo<Esc>ma0i..<Esc>`a") == "..|foo");
  CHECK(vi("foo bar<Esc>ma0d`a") == "|r");
  CHECK(vi("foo bar<Esc>ma0fbmb`a`b") == "foo |bar");
  CHECK(vi("foo<Esc>maS<Esc>`a") == "|");
  Typist typist(term::Keymap::vi);
  CHECK(typist.press("foo<Esc>`b") == Request::beep);
  CHECK(typist.press("mA") == Request::beep);
  typist.press("ma");
  typist.editor.reset();
  CHECK(typist.press("bar<Esc>`a") == Request::beep);
}

TEST_CASE("an underscore appends an argument of the entry before, counted from one") {
  Typist typist(term::Keymap::vi, {"x_y z  w"});
  CHECK(typist.after("one two<Esc>_") == "one two w|");
  CHECK(typist.after("!<Esc>u") == "one tw|o");
  CHECK(typist.after("02_") == "o z|ne two");
  CHECK(typist.after("<Esc>1_<Esc>.") == "o z x_y x_|yne two");
  CHECK(typist.press("9_") == Request::beep);
  CHECK(Typist(term::Keymap::vi).press("<Esc>_") == Request::beep);
}
