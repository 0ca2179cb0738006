#include "view/spelling.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace wscope::view;

TEST_CASE("the distance of two words is the number of slips between them") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("header", "header") == 0);
  CHECK(edit_distance("header", "Header") == 0);
  CHECK(edit_distance("header", "") == 6);
  CHECK(edit_distance("", "header") == 6);
  CHECK(edit_distance("header", "heade") == 1);
  CHECK(edit_distance("header", "headers") == 1);
  CHECK(edit_distance("header", "heeder") == 1);
  CHECK(edit_distance("header", "haeder") == 1);
  CHECK(edit_distance("header", "ehaedr") == 2);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("a long word is far from every other, and costs no time") {
  CHECK(edit_distance(std::string(1'000'000, 'x'), std::string(1'000'000, 'y')) == 2'000'000);
}

TEST_CASE("a misspelt name and the beginning of one mean that name") {
  constexpr std::array<std::string_view, 6> names = {"header", "head", "host", "one", "max-size", "max-frame"};
  CHECK(nearest("heaer", names) == "header");
  CHECK(nearest("HOTS", names) == "host");
  CHECK(nearest("maxsize", names) == "max-size");
  CHECK(nearest("max_frame", names) == "max-frame");
  CHECK(nearest("max", names) == "max-size");
  CHECK(nearest("m", names) == "max-size");
  CHECK(nearest("head", names) == "head");
  CHECK(nearest("noe", names) == "one");
  CHECK(nearest("bogus", names).empty());
  CHECK(nearest("ox", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(100, 'h'), names).empty());
  CHECK(nearest("host", {}).empty());
}
