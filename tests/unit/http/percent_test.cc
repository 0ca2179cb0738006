#include "http/percent.h"

#include <doctest/doctest.h>

using namespace wscope;

using namespace std::string_literals;

TEST_CASE("percent-encoding is undone once, whatever comes of it") {
  CHECK(http::percent_decode("") == "");
  CHECK(http::percent_decode("plain+text") == "plain+text");
  CHECK(http::percent_decode("%41%2fb%2F") == "A/b/");
  CHECK(http::percent_decode("%2541") == "%41");
  CHECK(http::percent_decode("a%00b") == "a\0b"s);
  CHECK(http::percent_decode("%ff") == "\xff");
}

TEST_CASE("percent-encoding wants two hexadecimal digits") {
  for (const char* text : {"%", "%4", "a%", "%4g", "%g4", "%-1", "%+1", "% 1", "%%41", "%0x"}) {
    CAPTURE(text);
    CHECK_FALSE(http::percent_decode(text));
  }
}
