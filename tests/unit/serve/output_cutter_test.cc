#include "serve/output_cutter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "support/split.h"

using namespace wscope;
using serve::OutputCutter;
using streams::LineEnd;
using Lines = std::vector<std::string>;
using Whole = OutputCutter::Whole;

namespace {

/// Puts pieces together to lines again, and looks at what the header promises of each.
struct Reader {
  explicit Reader(OutputCutter::Options options) : whole(options.whole), cutter(options) {}

  void take_all() {
    while (const auto piece = cutter.next()) {
      if (begins) lines.emplace_back();
      lines.back() += base::as_text(piece->data);
      begins = piece->finished;
      CHECK(cutter.in_line() == !begins);
      CHECK(base::as_text(input.subspan(piece->offset, piece->data.size())) == base::as_text(piece->data));
      longest = std::max(longest, piece->data.size());
      ++pieces;
      if (piece->finished) continue;
      CHECK_FALSE(piece->data.empty());
      if (whole == Whole::quanta) CHECK(piece->data.size() % 4 == 0);
      if (whole == Whole::characters) CHECK(base::is_utf8(piece->data));
    }
  }

  Whole whole;
  OutputCutter cutter;
  base::Bytes input{};
  Lines lines{};
  std::size_t pieces = 0;
  std::size_t longest = 0;
  bool begins = true;
};

/// The lines of `input`, which do not depend on how it comes.
Lines cut(std::string_view input, OutputCutter::Options options = {}) {
  Lines lines;
  test::for_each_split(input, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reader reader(options);
    reader.input = base::as_bytes(input);
    for (const base::MutableBytes piece : pieces) {
      reader.cutter.receive(piece);
      reader.take_all();
    }
    reader.cutter.end();
    reader.take_all();
    CHECK(reader.begins);
    if (name == "whole") lines = reader.lines;
    CHECK(reader.lines == lines);
  });
  return lines;
}

}  // namespace

TEST_CASE("output is cut at LF or CRLF, and the last line needs none") {
  CHECK(cut("one\ntwo\r\nthree\n") == Lines{"one", "two", "three"});
  CHECK(cut("one\ntwo") == Lines{"one", "two"});
  CHECK(cut("").empty());
  CHECK(cut("\n") == Lines{""});
  CHECK(cut("a\n\r\n\nb") == Lines{"a", "", "", "b"});
}

TEST_CASE("a CR without an LF belongs to the line") {
  CHECK(cut("a\rb\r\r\nc\r") == Lines{"a\rb\r", "c\r"});
  CHECK(cut("a\rb\r\r\nc\r", {.longest_held = 0}) == Lines{"a\rb\r", "c\r"});
}

TEST_CASE("a NUL ends a line if that is what does, and then nothing else") {
  CHECK(cut(std::string_view("a\nb\0\r\0c", 7), {.line_end = LineEnd::nul}) == Lines{"a\nb", "\r", "c"});
}

TEST_CASE("without line ends there is one line, perhaps an empty one") {
  CHECK(cut("a\nb\r\n\n", {.line_end = LineEnd::none}) == Lines{"a\nb\r\n\n"});
  CHECK(cut("", {.line_end = LineEnd::none}) == Lines{""});
}

TEST_CASE("a line that is too long comes in pieces which are not cut where they must not be") {
  const std::string text = "aü€😀\nüü\r\n😀😀😀";
  for (const std::size_t longest : {0U, 1U, 2U, 3U, 5U, 100U}) {
    CAPTURE(longest);
    const Lines lines{"aü€😀", "üü", "😀😀😀"};
    CHECK(cut(text, {.whole = Whole::characters, .longest_held = longest}) == lines);
    CHECK(cut(text, {.longest_held = longest}) == lines);
    CHECK(cut("aGVsbG8h\r\naGVsbG8=\n", {.whole = Whole::quanta, .longest_held = longest}) ==
          Lines{"aGVsbG8h", "aGVsbG8="});
  }
}

TEST_CASE("what is no UTF-8 comes out as it is") {
  const std::string text =
      "\xff\xfe"
      "a\x80\n\xe2\x82\n\xf0\x9f\x98";
  Lines lines;
  OutputCutter cutter({.whole = Whole::characters, .longest_held = 0});
  for (const char& byte : text) {
    cutter.receive(base::as_bytes(std::string_view(&byte, 1)));
    while (const auto piece = cutter.next()) lines.emplace_back(base::as_text(piece->data));
  }
  cutter.end();
  while (const auto piece = cutter.next()) lines.emplace_back(base::as_text(piece->data));
  CHECK(lines == Lines{"\xff", "\xfe", "a", "\x80", "", "\xe2\x82", "\xf0\x9f\x98"});
}

TEST_CASE("whatever has come is a unit of its own if that is asked for, but for half a character") {
  OutputCutter cutter({.line_end = LineEnd::anywhere, .whole = Whole::characters});
  const auto take = [&](std::string_view bytes) {
    cutter.receive(base::as_bytes(bytes));
    const auto piece = cutter.next();
    if (!piece) return std::string("nothing");
    CHECK(piece->finished);
    CHECK_FALSE(cutter.in_line());
    const std::string text(base::as_text(piece->data));
    CHECK_FALSE(cutter.next().has_value());
    return text;
  };
  CHECK(take("a\nb\r") == "a\nb\r");
  CHECK(take("") == "nothing");
  CHECK(take("c\xf0\x9f") == "c");
  CHECK(take("\x98") == "nothing");
  CHECK(take("\x80"
             "d") == "😀d");
  CHECK(take("\xc3") == "nothing");
  cutter.end();
  const auto rest = cutter.next();
  REQUIRE(rest.has_value());
  CHECK(base::as_text(rest->data) == "\xc3");
  CHECK(rest->offset == 10);
  CHECK_FALSE(cutter.next().has_value());
}

TEST_CASE("a line is held up to a limit, and what came of a longer one is not held at all") {
  const std::string block(1000, 'x');
  OutputCutter cutter({.longest_held = 3500});
  std::size_t pieces = 0;
  for (int i = 0; i < 100; ++i) {
    cutter.receive(base::as_bytes(block));
    while (const auto piece = cutter.next()) {
      CHECK(piece->data.size() == (pieces == 0 ? 4000 : 1000));
      CHECK_FALSE(piece->finished);
      ++pieces;
    }
    CHECK(cutter.held() < 16000);
  }
  CHECK(pieces == 97);
  cutter.receive(base::as_bytes(std::string_view("\nnext")));
  const auto last = cutter.next();
  REQUIRE(last.has_value());
  CHECK(last->data.empty());
  CHECK(last->finished);
  CHECK_FALSE(cutter.next().has_value());
}

TEST_CASE("memory for a long line goes with it") {
  OutputCutter cutter({});
  const std::string block(60'000, 'x');
  cutter.receive(base::as_bytes(block));
  CHECK_FALSE(cutter.next().has_value());
  CHECK(cutter.held() >= block.size());
  cutter.receive(base::as_bytes(std::string_view("\n")));
  CHECK(cutter.next().has_value());
  CHECK_FALSE(cutter.next().has_value());
  CHECK(cutter.held() < 4096);
}
