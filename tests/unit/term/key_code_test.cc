#include "term/key_code.h"

#include <doctest/doctest.h>

#include "typing.h"

using namespace wscope;
using namespace wscope::term;
using test::key;

TEST_CASE("keys with other modifiers have other codes") {
  CHECK(key_code::of(key("a")) == key_code::character('a'));
  CHECK(key_code::of(key("C-a")) == key_code::with_control('a'));
  CHECK(key_code::of(key("M-a")) == key_code::with_alt('a'));
  CHECK(key_code::of(key("C-M-a")) == key_code::with_both('a'));
  CHECK(key_code::of(key("M-Left")) == (key_code::of(Key::Name::left) | key_code::alt));
  CHECK(key_code::of(key("é")) == key_code::character('\0'));
}

TEST_CASE("a key without modifiers that has text stands for it") {
  CHECK(is_text(key("é")));
  CHECK(is_text(key("\x01")));
  CHECK_FALSE(is_text(key("C-a")));
  CHECK_FALSE(is_text(key("M-a")));
  CHECK_FALSE(is_text(key("Enter")));
  CHECK_FALSE(is_text(test::pasted("x")));
}

TEST_CASE("some keys go by several names") {
  for (const char* name : {"Enter", "C-j", "C-m", "C-Enter"}) CHECK(is_enter(key(name)));
  for (const char* name : {"M-Enter", "j", "M-j"}) CHECK_FALSE(is_enter(key(name)));
  CHECK(is_backspace(key("BS")));
  CHECK(is_backspace(key("C-h")));
  CHECK_FALSE(is_backspace(key("M-BS")));
  CHECK(is_abort(key("C-g")));
}
