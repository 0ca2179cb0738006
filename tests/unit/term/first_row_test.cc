#include "term/first_row.h"

#include <doctest/doctest.h>

using wscope::term::FirstRow;

TEST_CASE("the row is known once the screen is full") {
  FirstRow first;
  CHECK(!first.row());
  first.print(20, 24);
  first.show(3, 24);
  CHECK(!first.row());
  first.show(4, 24);
  CHECK(first.row() == 21);
  CHECK(first.printed() == 20);
}

TEST_CASE("it stays where it is when the input becomes shorter") {
  FirstRow first;
  first.print(100, 24);
  first.show(4, 24);
  CHECK(first.row() == 21);
  first.show(1, 24);
  CHECK(first.row() == 21);
  first.leave(1, 24);
  CHECK(first.row() == 22);
  first.leave(5, 24);
  first.show(2, 24);
  CHECK(first.row() == 23);
}

TEST_CASE("lines may have taken several rows") {
  FirstRow first;
  first.set(1);
  CHECK(first.row() == 1);
  first.print(0, 24);
  CHECK(first.row() == 1);
  first.print(1, 24);
  CHECK(!first.row());
  first.print(22, 24);
  CHECK(first.row() == 24);
}

TEST_CASE("an input larger than the screen begins on its first row") {
  FirstRow first;
  first.show(30, 24);
  CHECK(first.row() == 1);
}

TEST_CASE("it can be forgotten") {
  FirstRow first;
  first.print(100, 24);
  first.forget();
  CHECK(!first.row());
  CHECK(first.printed() == 100);
}
