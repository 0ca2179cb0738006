#include "talk/json_compare.h"

#include <doctest/doctest.h>

using namespace wscope;

namespace {

bool are_equal(std::string_view left, std::string_view right) { return talk::Comparand(right).equals(left); }
bool is_like(std::string_view value, std::string_view pattern) { return talk::Likeness(pattern)(value); }
std::optional<std::strong_ordering> order(std::string_view left, std::string_view right) {
  return talk::Comparand(right).order(left);
}

}  // namespace

TEST_CASE("equal values are written in many ways") {
  CHECK(are_equal("1", "1.0"));
  CHECK(are_equal(R"("\u0061")", R"("a")"));
  CHECK(are_equal(R"("a")", R"("\u0061")"));
  CHECK(are_equal(R"([1, "a",null])", R"([1.0,"a",null])"));
  CHECK(are_equal(R"({"a":1,"b":[true,{"c":{}}]})", R"({"b":[true,{"c":{}}],"\u0061":10e-1})"));
  CHECK(are_equal(R"({"a":1,"a":2})", R"({"a":2})"));
}

TEST_CASE("what differs anywhere is not equal") {
  CHECK(!are_equal("1", R"("1")"));
  CHECK(!are_equal("null", "false"));
  CHECK(!are_equal("true", "false"));
  CHECK(!are_equal("[1,2]", "[2,1]"));
  CHECK(!are_equal("[]", "{}"));
  CHECK(!are_equal("[[]]", "[]"));
  CHECK(!are_equal(R"({"a":1})", R"({"a":1,"b":2})"));
  CHECK(!are_equal(R"(["1e1"])", "[10]"));
  CHECK(!are_equal(R"(["a,","b"])", R"(["a",",b"])"));
}

TEST_CASE("what is alike may have more keys, but not more elements") {
  CHECK(is_like(R"({"type":"done","id":7})", R"({"type":"done"})"));
  CHECK(is_like(R"({"a":{"b":1,"c":2},"d":[{"x":1,"y":2}]})", R"({"a":{"c":2.0},"d":[{"x":1}]})"));
  CHECK(!is_like(R"({"type":"done"})", R"({"type":"done","id":7})"));
  CHECK(!is_like("[1,2]", "[1]"));
  CHECK(!is_like("[1]", "[1,2]"));
  CHECK(!is_like("[2,1]", "[1,2]"));
  CHECK(is_like("{}", "{}"));
  CHECK(is_like(R"({"a":1})", "{}"));
  CHECK(!is_like("[]", "{}"));
  CHECK(is_like(R"({"a":1,"a":2})", R"({"a":2})"));
  CHECK(!is_like(R"({"a":1,"a":2})", R"({"a":1})"));
  CHECK(is_like(R"({"a":2})", R"({"a":1,"a":2})"));
}

TEST_CASE("a star stands for anything that is there") {
  CHECK(is_like(R"({"id":[1,2]})", R"({"id":"*"})"));
  CHECK(is_like(R"({"id":null})", R"({"id":"*"})"));
  CHECK(!is_like(R"({"x":1})", R"({"id":"*"})"));
  CHECK(is_like("[1,{}]", R"(["*","*"])"));
  CHECK(!is_like("[1]", R"(["*","*"])"));
  CHECK(is_like("1", R"("*")"));
}

TEST_CASE("numbers and strings have an order, other values have none") {
  CHECK(order("1", "2.5") == std::strong_ordering::less);
  CHECK(order("1.0", "1") == std::strong_ordering::equal);
  CHECK(order(R"("b")", R"("a")") == std::strong_ordering::greater);
  CHECK(order(R"("\uffff")", R"("\ud83d\ude00")") == std::strong_ordering::less);
  CHECK(order("1", R"("1")") == std::nullopt);
  CHECK(order("null", "null") == std::nullopt);
  CHECK(order("[1]", "[2]") == std::nullopt);
}

TEST_CASE("depth costs no more than size") {
  std::string deep = "1";
  for (int i = 0; i < 1000; ++i) deep = R"({"b":)" + deep + R"(,"a":0})";
  CHECK(are_equal(deep, deep));
  CHECK(is_like(deep, deep));
}
