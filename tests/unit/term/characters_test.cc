#include "term/characters.h"

#include <doctest/doctest.h>

using namespace wscope::term;

TEST_CASE("a code point is read whole, and a byte that is no UTF-8 alone") {
  CHECK(first_code_point("ab").value == 'a');
  CHECK(first_code_point("é!").value == 0xe9);
  CHECK(first_code_point("漢!").length == 3);
  CHECK(first_code_point("😀").value == 0x1f600);
  for (const std::string_view bad : {"\xff", "\xc3", "\xc3!", "\xed\xa0\x80", "\xf0\x9f\x98", "\x80"}) {
    CAPTURE(bad);
    CHECK_FALSE(first_code_point(bad).valid);
    CHECK(first_code_point(bad).length == 1);
  }
}

TEST_CASE("what is encoded is read again") {
  for (const char32_t value : {U'a', U'\u007f', U'\u0080', U'\u07ff', U'\u0800', U'\uffff', U'\U00010000'}) {
    CHECK(first_code_point(encode(value)).value == value);
    CHECK(first_code_point(encode(value)).valid);
  }
}

TEST_CASE("letters and digits of any script are parts of words") {
  for (const std::string_view word : {"a", "Z", "0", "é", "漢", "я", "ñ", "٣"})
    CHECK(first_class(word) == CharacterClass::word);
  for (const std::string_view blank : {" ", "\t", "\n", "\u00a0", "\u3000"})
    CHECK(first_class(blank) == CharacterClass::blank);
  for (const std::string_view other : {".", "_", "-", "…", "😀", "\xff", "\x01"}) {
    CAPTURE(other);
    CHECK(first_class(other) == CharacterClass::other);
  }
}

TEST_CASE("the case of letters changes, and of nothing else") {
  CHECK(change_case("aé ж1\xff", LetterCase::upper) == "AÉ Ж1\xff");
  CHECK(change_case("AÉ Ж1\xff", LetterCase::lower) == "aé ж1\xff");
  CHECK(swap_case("aBé漢") == "AbÉ漢");
}

TEST_CASE("what a prompt shows has no control characters") {
  CHECK(visible("a\x01\x7fé\xff\u0085\n") == "a^A^?é\\xff\\x85^J");
}
