#include "streams/line_splitter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/split.h"

using namespace wscope;
using streams::LineEnd;
using streams::LineSplitter;
using Lines = std::vector<std::string>;

namespace {

/// Puts pieces joined to lines again, and checks on the way what the header promises.
struct Reader {
  explicit Reader(std::size_t capacity, LineEnd line_end = LineEnd::line_feed) : splitter(capacity, line_end) {}

  void take_all() {
    while (const auto piece = splitter.next()) {
      if (begins) lines.emplace_back();
      lines.back() += base::as_text(piece->data);
      begins = piece->finished;
      ++pieces;
      CHECK(splitter.line() == lines.size());
    }
  }
  void feed(base::Bytes bytes) {
    while (!bytes.empty()) {
      const base::MutableBytes room = splitter.room();
      REQUIRE(!room.empty());
      const std::size_t size = std::min(room.size(), bytes.size());
      std::copy_n(bytes.begin(), size, room.begin());
      splitter.commit(size);
      bytes = bytes.subspan(size);
      take_all();
      CHECK(!splitter.done());
    }
  }
  void end() {
    splitter.end();
    take_all();
    CHECK(splitter.done());
    CHECK(begins);
  }

  LineSplitter splitter;
  Lines lines;
  std::size_t pieces = 0;
  bool begins = true;
};

Lines split(std::string_view input, std::size_t capacity = 64, LineEnd line_end = LineEnd::line_feed) {
  Reader reader(capacity, line_end);
  reader.feed(base::as_bytes(input));
  reader.end();
  return reader.lines;
}

}  // namespace

TEST_CASE("lines end with LF or CRLF, which is not part of them") {
  CHECK(split("one\ntwo\r\nthree\n") == Lines{"one", "two", "three"});
}

TEST_CASE("the last line needs no line end") {
  CHECK(split("one") == Lines{"one"});
  CHECK(split("one\ntwo") == Lines{"one", "two"});
}

TEST_CASE("an empty line is a line, an empty input has none") {
  CHECK(split("").empty());
  CHECK(split("\n") == Lines{""});
  CHECK(split("\r\n\n\r\n") == Lines{"", "", ""});
  CHECK(split("a\n\nb") == Lines{"a", "", "b"});
}

TEST_CASE("a carriage return belongs to the line unless an LF follows") {
  CHECK(split("a\rb\n") == Lines{"a\rb"});
  CHECK(split("a\r\r\n") == Lines{"a\r"});
  CHECK(split("a\r") == Lines{"a\r"});
  CHECK(split("\r") == Lines{"\r"});
  CHECK(split("a\n\r") == Lines{"a", "\r"});
}

TEST_CASE("any bytes may be in a line") {
  const std::string line("\0\xff\x80\t", 4);
  CHECK(split(line + '\n' + line) == Lines{line, line});
}

TEST_CASE("a NUL may end a line, and then nothing else does") {
  const std::string nul(1, '\0');
  const auto split_at_nul = [](const std::string& input) { return split(input, 64, LineEnd::nul); };
  CHECK(split_at_nul("").empty());
  CHECK(split_at_nul(nul) == Lines{""});
  CHECK(split_at_nul("one\n" + nul + nul + "two\r" + nul) == Lines{"one\n", "", "two\r"});
  CHECK(split_at_nul("one" + nul + "last") == Lines{"one", "last"});
}

TEST_CASE("without line ends there is one line, perhaps an empty one") {
  const std::string all = "one\n" + std::string(1, '\0') + "\r\n";
  CHECK(split("", 64, LineEnd::none) == Lines{""});
  CHECK(split(all, 64, LineEnd::none) == Lines{all});
  CHECK(split(std::string(128, 'x'), 64, LineEnd::none) == Lines{std::string(128, 'x')});
  LineSplitter splitter(64, LineEnd::none);
  CHECK(!splitter.next());
  CHECK(!splitter.done());
  splitter.end();
  CHECK(!splitter.done());
  CHECK(splitter.next()->finished);
  CHECK(splitter.done());
  CHECK(!splitter.next());
}

TEST_CASE("how the input arrives and how small the buffer is change no line") {
  const std::string input = "one\r\ntwo\n\n\r\n\rthree\r\r\nfour four four four four four four\r\n" +
                            std::string(200, 'x') + "\r\n\n" + std::string(16, 'y') + "\r\n" + std::string(15, 'z') +
                            std::string("\0\0\r\0\n\0\r\nlast\r", 13);
  const std::pair<LineEnd, std::size_t> rows[] = {{LineEnd::line_feed, 12}, {LineEnd::nul, 5}, {LineEnd::none, 1}};
  for (const auto& [line_end, lines] : rows) {
    const Lines wanted = split(input, 1000, line_end);
    REQUIRE(wanted.size() == lines);
    test::for_each_split(input, [&, line_end = line_end](test::Pieces pieces, const std::string& name) {
      CAPTURE(name);
      for (const std::size_t capacity : {2U, 3U, 16U, 17U, 64U, 1000U}) {
        CAPTURE(capacity);
        Reader reader(capacity, line_end);
        for (const auto piece : pieces) reader.feed(piece);
        reader.end();
        CHECK(reader.lines == wanted);
      }
    });
  }
}

TEST_CASE("a line comes whole if it fits, else in pieces as large as the buffer") {
  Reader reader(16);
  reader.feed(base::as_bytes(std::string(14, 'a') + "\r\n"));
  CHECK(reader.pieces == 1);
  reader.feed(base::as_bytes(std::string(33, 'b')));
  CHECK(reader.pieces == 3);
  reader.end();
  CHECK(reader.pieces == 4);
  CHECK(reader.lines == Lines{std::string(14, 'a'), std::string(33, 'b')});
}

TEST_CASE("a line that fills the buffer at the end of the input is finished") {
  CHECK(split(std::string(16, 'a'), 16) == Lines{std::string(16, 'a')});
  CHECK(split(std::string(15, 'a') + "\r", 16) == Lines{std::string(15, 'a') + "\r"});
  CHECK(split(std::string(32, 'a') + "\r\n", 16) == Lines{std::string(32, 'a')});
}

TEST_CASE("lines that are left may be taken after the end") {
  LineSplitter splitter(64);
  const std::string_view input = "one\ntwo";
  std::copy_n(base::as_bytes(input).begin(), input.size(), splitter.room().begin());
  splitter.commit(input.size());
  splitter.end();
  CHECK(!splitter.done());
  CHECK(base::as_text(splitter.next()->data) == "one");
  CHECK(!splitter.done());
  CHECK(base::as_text(splitter.next()->data) == "two");
  CHECK(splitter.done());
  CHECK(!splitter.next());
}
