#include "decode/hex_digits.h"

#include <doctest/doctest.h>

using namespace wscope;
using decode::HexDigits;

namespace {

std::string read(std::string_view line) {
  std::string out;
  HexDigits digits(out);
  auto result = digits.receive(line, true);
  if (result) result = digits.receive_eof();
  return result ? out : result.error().message;
}

}  // namespace

TEST_CASE("a byte is two digits, or one behind 0x or \\x") {
  CHECK(read("61 62") == "ab");
  CHECK(read("0x9,0xA, 0x61") == "\t\na");
  CHECK(read("\\x9\\xa\\x61") == "\t\na");
  CHECK(read("616") == "1:3: a byte has two digits");
}

TEST_CASE("strings have escapes") {
  CHECK(read(R"(b'\x61\n\t\\\'"c')") == "a\n\t\\'\"c");
  CHECK(read(R"("\x61bc" "\x64")") == "abcd");
  CHECK(read(R"("6162")") == "ab");
  CHECK(read(R"($'\x61b')") == "ab");
}

TEST_CASE("declarations are passed over") {
  CHECK(read("uint8_t frame[] = { 0x61 };") == "a");
  CHECK(read("x = \"61\"") == "a");
  CHECK(read("[]byte{0x61, 0x62}") == "ab");
}

TEST_CASE("positions count lines and bytes of them") {
  std::string out;
  HexDigits digits(out);
  CHECK(digits.receive("61\n", true).ok());
  digits.skip("a line\n");
  CHECK(digits.receive("6", true).ok());
  CHECK_FALSE(digits.at_rest());
  CHECK(digits.receive("x", false).error().message == "3:1: a byte has two digits");
}
