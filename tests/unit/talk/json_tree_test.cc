#include "talk/json_tree.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("elements come in their order, members by their keys") {
  const std::string_view text = R"({"b":[1,{"x":2},3],"a":true,"b":[]})";
  const talk::JsonTree tree(text);
  CHECK(tree.token(0) == "{");
  const auto members = tree.members(0);
  REQUIRE(members.size() == 2);
  CHECK(members[0].key == "a");
  CHECK(tree.token(members[0].part) == "true");
  CHECK(members[1].key == "b");
  CHECK(tree.members(members[1].part).empty());
}

TEST_CASE("an element is found behind what others have in them") {
  const std::string_view text = R"([[1,[2]],{"a":{"b":3}},4])";
  const talk::JsonTree tree(text);
  const auto elements = tree.members(0);
  REQUIRE(elements.size() == 3);
  CHECK(tree.token(elements[0].part) == "[");
  CHECK(tree.token(elements[2].part) == "4");
}
