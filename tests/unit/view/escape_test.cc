#include "view/escape.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using wscope::view::escape;
using wscope::view::LineBreaks;

TEST_CASE("text that a terminal only shows stays as it is") {
  for (const char* text : {"", "plain ASCII ~", "\ttab", "Grüße, 日本語, 😀", "back\\slash", "\u00a0\u2028"}) {
    CHECK(escape(text) == text);
  }
}

TEST_CASE("control characters are written out") {
  CHECK(escape("\x1b[31mred\a") == "\\x1b[31mred\\x07");
  CHECK(escape(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(escape("\x7f") == "\\x7f");
  for (int c = 0; c < 0x20; ++c) {
    const std::string text(1, static_cast<char>(c));
    CHECK((escape(text) == text) == (c == '\t'));
  }
}

TEST_CASE("C1 control characters are written out, as UTF-8 and as single bytes") {
  CHECK(escape("\u0080\u009b2J\u009f") == "\\x80\\x9b2J\\x9f");
  CHECK(escape("\x9b"
               "2J") == "\\x9b2J");
}

TEST_CASE("characters that change the direction of text are written out") {
  CHECK(escape("a\u202eb") == "a\\u{202e}b");
  CHECK(escape("a\u200b\ufeffb") == "a\\u{200b}\\u{feff}b");
  CHECK(escape("\U000e0041\U000e007f") == "\\u{e0041}\\u{e007f}");
  CHECK(escape("\u200c\u200d\U000e0100") == "\u200c\u200d\U000e0100");  // of scripts, emoji and variants
  CHECK(escape("\u061c\u200e\u200f\u202a\u2066\u2069") == "\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{2066}\\u{2069}");
  CHECK(escape("\u200d\u2029\u2065\u206a") == "\u200d\u2029\u2065\u206a");  // their neighbours are not
}

TEST_CASE("bytes that are not UTF-8 are written out one by one") {
  CHECK(escape("\xff\xfe") == "\\xff\\xfe");
  CHECK(escape("a\xc3") == "a\\xc3");                           // cut short
  CHECK(escape("\xe2\x82") == "\\xe2\\x82");                    // cut short
  CHECK(escape("\xc3(") == "\\xc3(");                           // interrupted
  CHECK(escape("\xc0\x9b") == "\\xc0\\x9b");                    // overlong
  CHECK(escape("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(escape("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  CHECK(escape("\xf0\x9f\x98") == "\\xf0\\x9f\\x98");
}

TEST_CASE("line feeds stay if asked, carriage returns never do") {
  CHECK(escape("a\r\nb") == "a\\x0d\\x0ab");
  CHECK(escape("a\r\nb", LineBreaks::keep) == "a\\x0d\nb");
}

TEST_CASE("whatever comes in, what comes out is UTF-8 without control characters") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second), '.'};
      const std::string escaped = escape(text);
      bool fine = wscope::base::is_utf8(wscope::base::as_bytes(escaped)) && escaped.back() == '.';
      for (const char c : escaped) fine = fine && (c == '\t' || static_cast<unsigned char>(c) >= 0x20) && c != 0x7f;
      if (!fine) FAIL_CHECK(first, " ", second);
    }
  }
}

TEST_CASE("what is written out is told from what came so") {
  std::vector<wscope::view::WrittenOut> parts;
  CHECK(escape("\\x1b \x1b[1m\u202e\t\n", LineBreaks::keep, parts) == "\\x1b \\x1b[1m\\u{202e}\t\n");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].begin == 5);
  CHECK(parts[0].size == 4);
  CHECK(parts[1].begin == 12);
  CHECK(parts[1].size == 8);
}
