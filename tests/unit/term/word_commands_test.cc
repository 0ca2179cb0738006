#include "term/word_commands.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using test::emacs;
using test::Typist;
using Request = term::LineEditor::Request;
using Arguments = std::vector<std::string_view>;

TEST_CASE("arguments are bounded by blanks that are not quoted") {
  CHECK(term::split_arguments("") == Arguments{});
  CHECK(term::split_arguments("  a  b\tc\nd ") == Arguments{"a", "b", "c", "d"});
  CHECK(term::split_arguments("a 'b c' \"d 'e\"f g") == Arguments{"a", "'b c'", "\"d 'e\"f", "g"});
  CHECK(term::split_arguments("a 'b c") == Arguments{"a", "'b c"});
}

TEST_CASE("characters change places") {
  CHECK(emacs("abc<C-t>") == "acb|");
  CHECK(emacs("abc<C-b><C-b><C-t>") == "ba|c");
  CHECK(emacs("abcd<C-a><C-f><M-2><C-t>") == "bca|d");
  CHECK(emacs("ae\u0301<C-t>") ==
        "e\u0301"
        "a|");
  Typist typist;
  CHECK(typist.press("<C-t>") == Request::beep);
  CHECK(typist.press("a<C-t>") == Request::beep);
  CHECK(typist.press("b<C-a><C-t>") == Request::beep);
  CHECK(emacs("ab<M-Enter><C-t>") == "ab\n|");
}

TEST_CASE("words change places") {
  CHECK(emacs("one, two<M-t>") == "two, one|");
  CHECK(emacs("one two three<C-a><M-f><M-t>") == "two one| three");
  CHECK(emacs("one two  <M-t>") == "two   one|");
  Typist typist;
  CHECK(typist.press("one<M-t>") == Request::beep);
  CHECK(typist.shown() == "one|");
}

TEST_CASE("words change their case") {
  CHECK(emacs("éa bc<C-a><M-u>") == "ÉA| bc");
  CHECK(emacs("ÉA BC<C-a><M-l>") == "éa| BC");
  CHECK(emacs("one tWO<C-a><M-c><M-c>") == "One Two|");
  CHECK(emacs("one two<C-a><M-2><M-u>") == "ONE TWO|");
  CHECK(emacs("one two<M--><M-u>") == "one TWO|");
  CHECK(emacs("abc<C-b><C-b><M-u>") == "aBC|");
  CHECK(Typist().press("<M-u>") == Request::beep);
}

TEST_CASE("the last argument of the entry before is inserted, and again of one before it") {
  Typist typist(term::Keymap::emacs, {"/send first", "/send second one", "x"});
  CHECK(typist.after("a <M-.>") == "a x|");
  CHECK(typist.after("<M-.>") == "a one|");
  CHECK(typist.after("<M-_>") == "a first|");
  CHECK(typist.press("<M-.>") == Request::beep);
  CHECK(typist.shown() == "a first|");
  CHECK(typist.after("b<M-.>") == "a firstbx|");
}

TEST_CASE("an argument says which argument") {
  Typist typist(term::Keymap::emacs, {"a b", "c d e"});
  CHECK(typist.after("<M-0><M-.>") == "c|");
  CHECK(typist.after("<M-.>") == "a|");
  CHECK(typist.after(" <C-M-y>") == "a d|");
  CHECK(typist.press(" <M-9><M-.>") == Request::beep);
  CHECK(typist.after("<M--><M-2><M-.>") == "a d c|");
}

TEST_CASE("without a history there is no last argument") { CHECK(Typist().press("<M-.>") == Request::beep); }
