#include "link/saying.h"

#include <doctest/doctest.h>

#include "unit/talk/talking.h"

using namespace wscope;
using link::Saying;

namespace {

Saying says(std::string_view text, ws::Opcode opcode) {
  return {{opcode, "as it was"}, talk::Template::parse(text).value()};
}

}  // namespace

TEST_CASE("a payload with places is filled in, whatever else there is stays") {
  const test::KnownNames names({{"x", test::text_value("1")}});
  const auto text = says("<{{x}}>", ws::Opcode::text).fill(names);
  REQUIRE(text.ok());
  CHECK(*text == wire::StoredInstruction{ws::Opcode::text, "<1>"});
  const auto close = Saying{{ws::Opcode::close, "bye", ws::close_code::normal}}.fill(names);
  REQUIRE(close.ok());
  CHECK(close->payload == "bye");
  CHECK(close->code == ws::close_code::normal);
}

TEST_CASE("what is missing, or is no text, is an error") {
  const test::KnownNames names({{"x", test::text_value("\xff")}});
  CHECK(says("{{y}}", ws::Opcode::text).fill(names).error().kind == base::ErrorKind::expectation);
  CHECK(says("{{x}}", ws::Opcode::text).fill(names).error().kind == base::ErrorKind::expectation);
  CHECK(says("{{x}}", ws::Opcode::binary).fill(names)->payload == "\xff");
}
