#include "base/error_text.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace wscope;

TEST_CASE("what the system says can follow a colon") {
  CHECK(base::error_text(ENOENT) == "no such file or directory");
  CHECK(base::error_text(EISDIR) == "is a directory");
}

TEST_CASE("only a capital letter at the beginning becomes small") {
  CHECK(base::begun_in_lower_case("") == "");
  CHECK(base::begun_in_lower_case("Two Words") == "two Words");
  CHECK(base::begun_in_lower_case("[x]") == "[x]");
  CHECK(base::begun_in_lower_case("Ärger") == "Ärger");
}
