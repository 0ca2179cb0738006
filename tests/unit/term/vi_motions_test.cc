#include "term/vi_motions.h"

#include <doctest/doctest.h>

using namespace wscope::term;

namespace {

std::size_t go(char motion, std::string_view text, std::size_t place, Count count = {}, bool for_operator = false) {
  const auto to = ViMotions().go(motion, text, place, count, for_operator);
  return to ? to->place : std::string_view::npos;
}

}  // namespace

TEST_CASE("motions on the line do not leave it") {
  const std::string_view text = "ab\n  cd e\nf";
  CHECK(go('h', text, 5, {9, true}) == 3);
  CHECK(go('l', text, 5, {99, true}) == 9);
  CHECK(go('0', text, 6) == 3);
  CHECK(go('^', text, 3) == 5);
  CHECK(go('$', text, 5) == 9);
  CHECK(go('|', text, 5, {3, true}) == 5);
}

TEST_CASE("w stays on the line for an operator") {
  CHECK(go('w', "ab\ncd", 0) == 3);
  CHECK(go('w', "ab\ncd", 0, {}, true) == 2);
  CHECK(go('e', "ab cd", 1, {}, true) == 4);
  CHECK(go('B', "a.b c", 4) == 0);
}

TEST_CASE("finds go to a character or next to it, and again") {
  ViMotions motions;
  const std::string_view text = "a.b.c.d";
  CHECK(motions.find('f', ".", text, 0, {})->place == 1);
  CHECK(motions.go(';', text, 1, {}, false)->place == 3);
  CHECK(motions.go(',', text, 3, {}, false)->place == 1);
  CHECK(motions.find('t', ".", text, 0, {2, true})->place == 2);
  CHECK(motions.find('F', ".", text, 6, {})->place == 5);
  CHECK_FALSE(motions.find('F', ".", text, 6, {})->inclusive);
  CHECK(motions.find('T', ".", text, 6, {2, true})->place == 4);
  CHECK_FALSE(motions.find('f', "x", text, 0, {}));
  CHECK_FALSE(ViMotions().go(';', text, 0, {}, false));
}

TEST_CASE("cw ends with the word") {
  CHECK(ViMotions::change_word('w', "ab cd", 0, {})->place == 2);
  CHECK(ViMotions::change_word('w', "ab cd", 1, {})->place == 2);
  CHECK(ViMotions::change_word('w', "ab cd ef", 0, {2, true})->place == 5);
  CHECK(ViMotions::change_word('W', "a.b c", 0, {})->place == 3);
  CHECK_FALSE(ViMotions::change_word('w', "", 0, {}));
}

TEST_CASE("motions are known by their character") {
  for (const char motion : std::string_view("hl 0^$wWbBeE;,|%")) CHECK(ViMotions::is_motion(motion));
  for (const char motion : std::string_view("fFtT")) CHECK(ViMotions::finds(motion));
  CHECK_FALSE(ViMotions::is_motion('x'));
  CHECK_FALSE(ViMotions::is_motion('\0'));
  CHECK_FALSE(ViMotions::finds('\0'));
}
