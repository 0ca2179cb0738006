#include "decode/finding.h"

#include <doctest/doctest.h>

using namespace wscope;
using decode::section_of;
using ws::Violation;

TEST_CASE("sections depend on codes, and on what was agreed on") {
  CHECK(section_of(Violation::close_code_invalid, {1006}, false) == "RFC 6455 7.4.1");
  CHECK(section_of(Violation::close_code_invalid, {999}, false) == "RFC 6455 7.4.2");
  CHECK(section_of(Violation::reserved_bits, {}, false) == "RFC 6455 5.2");
  CHECK(section_of(Violation::reserved_bits, {}, true) == "RFC 7692 6");
  CHECK(section_of(Violation::masked_frame, {}, true) == "RFC 6455 5.1");
}
