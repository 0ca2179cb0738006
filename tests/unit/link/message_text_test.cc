#include "link/message_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

namespace {

/// What is said, with places for values in braces, or what is wrong.
std::string read(const std::string& typed, std::size_t at, std::string_view name, bool names = true) {
  link::Nameable known;
  known.variables = {"x"};
  const auto saying = link::read_saying(typed, at, {}, false, names ? &known : nullptr, name);
  if (!saying) return "error: " + saying.error().message + saying.error().excerpt;
  return ((*saying)->payload ? "filled in: " : "") + (*saying)->message.payload;
}

}  // namespace

TEST_CASE("a text that is typed has names that are known") {
  CHECK(read("hi {{x}}", 0, "/every") == "filled in: hi {{x}}");
  CHECK(read("a=hi {{x}}", 2, "") == "filled in: hi {{x}}");
  CHECK(read("{{y}}", 0, "", false) == "{{y}}");
  CHECK(read("a={{y}}", 2, "--reply").starts_with("error: --reply: {{y}} stands for nothing"));
  CHECK(read("a={{y}}", 2, "--reply").find("a={{y}}") != std::string::npos);
  CHECK(read("a={{y}}", 2, "").starts_with("error: {{y}} stands for nothing"));
}

TEST_CASE("what cannot be sent is named, if it has a name") {
  CHECK(read("\xff", 0, "--every") == "error: --every: not UTF-8");
  CHECK(read("\xff", 0, "") == "error: not UTF-8");
  CHECK(read("@@x", 0, "") == "filled in: @x");
  CHECK(read("@/no/such/file", 0, "--every").starts_with("error: /no/such/file: "));
}
