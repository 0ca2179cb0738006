#include "talk/operand.h"

#include <doctest/doctest.h>

#include "unit/talk/talking.h"

using namespace wscope;

namespace {

std::string read(std::string_view text, talk::Source::Names names = talk::Source::Names::plain) {
  talk::Source source(text, names);
  const auto operand = talk::read_operand(source);
  if (!operand) return "error: " + source.flaw()->message;
  const auto* json = std::get_if<talk::JsonTemplate>(&*operand);
  if (json == nullptr) return "path " + std::get<talk::Path>(*operand).text() + "|" + std::string(source.rest());
  if (json->has_names()) return "names|" + std::string(source.rest());
  return json->json() + "|" + std::string(source.rest());
}

}  // namespace

TEST_CASE("a value ends where it is whole") {
  CHECK(read("1 and") == "1| and");
  CHECK(read("-1.5e3)") == "-1.5e3|)");
  CHECK(read("true") == "true|");
  CHECK(read("'a\"b' x") == "\"a\\\"b\"| x");
  CHECK(read("\"a\\\"b\"=") == "\"a\\\"b\"|=");
  CHECK(read("{\"a\":[1,{}]} within") == "{\"a\":[1,{}]}| within");
  CHECK(read("[\"]\"]x") == "[\"]\"]|x");
  CHECK(read(".a.b ==") == "path .a.b| ==");
}

TEST_CASE("braces are names only where there are some") {
  CHECK(read("\"{{x}}\"") == "\"{{x}}\"|");
  CHECK(read("\"{{x}}\"", talk::Source::Names::filled_in) == "names|");
  CHECK(read("{{x}} ", talk::Source::Names::filled_in) == "names| ");
  CHECK(read("[{{x}},1]", talk::Source::Names::filled_in) == "names|");
  CHECK(read("\"\\{{x}}\"", talk::Source::Names::filled_in) == "\"{{x}}\"|");
  CHECK(read("{{x}}").starts_with("error"));
}
