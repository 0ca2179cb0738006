#include "base/unescape.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

namespace {

/// What a text stands for; or, behind "!", what is wrong with it.
std::string read(const std::string& text) {
  const auto read = base::unescape(text);
  if (read) return *read;
  CHECK(read.error().kind == base::ErrorKind::usage);
  return "! " + read.error().message;
}

}  // namespace

TEST_CASE("what has no backslash stands for itself") {
  for (const std::string text : {"", "a", "grüße", "%n", "\n", "\xff", "{{name}}"}) CHECK(read(text) == text);
}

TEST_CASE("letters stand for what they stand for in C") {
  CHECK(read(R"(\a\b\e\f\n\r\t\v\\\'\"\?)") == "\a\b\x1b\f\n\r\t\v\\'\"?");
  CHECK(read(R"(a\\nb)") == "a\\nb");
}

TEST_CASE("one to three octal digits are a byte") {
  CHECK(read(R"(\0)") == std::string(1, '\0'));
  CHECK(read(R"(\08\1012\377\78)") == std::string("\0"
                                                  "8A2\xff\a8",
                                                  7));
  CHECK(read(R"(\400)") == "! has \\400, which is no byte");
}

TEST_CASE("two hexadecimal digits are a byte") {
  CHECK(read(R"(\x41\xFf0)") ==
        "A\xff"
        "0");
  CHECK(read(R"(\x4)") == "! has \\x4, which wants 2 hexadecimal digits");
  CHECK(read(R"(\xg0)") == "! has \\x, which wants 2 hexadecimal digits");
}

TEST_CASE("four or eight are a code point") {
  CHECK(read(R"(\u0041\u00e4\u20ac\U0001f600\U0010FFFF)") == "Aä€😀\U0010FFFF");
  CHECK(read(R"(\u0000)") == std::string(1, '\0'));
  CHECK(read(R"(\u20a)") == "! has \\u20a, which wants 4 hexadecimal digits");
  CHECK(read(R"(\U0001f60)") == "! has \\U0001f60, which wants 8 hexadecimal digits");
  CHECK(read(R"(\ud83d\ude00)") == "! has \\ud83d, which is no character");
  CHECK(read(R"(\U00110000)") == "! has \\U00110000, which is no character");
}

TEST_CASE("braces are left to templates") {
  CHECK(read(R"(\{{name}}\n)") == "\\{{name}}\n");
  CHECK(read(R"(\{name})") == "! has \\{, which stands for nothing");
}

TEST_CASE("anything else is an error") {
  CHECK(read(R"(a\q)") == "! has \\q, which stands for nothing");
  CHECK(read(R"(\N)") == "! has \\N, which stands for nothing");
  CHECK(read(R"(\8)") == "! has \\8, which stands for nothing");
  CHECK(read("a\\") == "! ends in a backslash");
  CHECK(read("\\\xc3\xa4") == "! has a backslash, which stands for nothing");
  CHECK(read("\\\n") == "! has a backslash, which stands for nothing");
}
