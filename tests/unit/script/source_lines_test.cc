#include "script/source_lines.h"

#include <doctest/doctest.h>

using namespace wscope;
using script::SourceLine;
using script::SourceLines;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  SourceLines lines(text);
  std::vector<std::string> read;
  while (const auto line = lines.next()) {
    read.push_back(line->text + (line->document ? "|" + *line->document : ""));
  }
  if (lines.flaw()) {
    read.push_back("! " + std::to_string(lines.flaw()->place.line) + ":" + std::to_string(lines.flaw()->place.column) +
                   " " + lines.flaw()->flaw.message);
  }
  return read;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines lose their indentation, trailing blanks and carriage returns") {
  CHECK(lines_of("\xef\xbb\xbf  send a  \r\n\t\tsend b\t\r\nsend c") == Lines{"send a", "send b", "send c"});
  CHECK(lines_of("") == Lines{});
  CHECK(lines_of("\n \n\r\n") == Lines{});
}

TEST_CASE("a comment is a line that begins with #, a section one that begins with ##") {
  CHECK(lines_of("# one\n  # two \\\nsend # three\n## A section\n##\n###") == Lines{"send # three", "## A section"});
}

TEST_CASE("an odd number of backslashes at the end joins the next line without its leading blanks") {
  CHECK(lines_of("send a \\\n   b\\\nc") == Lines{"send a bc"});
  CHECK(lines_of("send a\\\\\nsend b\\\\\\\n c") == Lines{"send a\\\\", "send b\\\\c"});
  CHECK(lines_of("send a\\") == Lines{"send a\\"});
}

TEST_CASE("a document goes to the line that holds its name alone, less the blanks in front of that") {
  CHECK(lines_of("send <<EOF\n  {\n    \"a\": 1\n  }\n  EOF\nsend b") == Lines{"send|{\n  \"a\": 1\n}", "send b"});
  CHECK(lines_of("send <<'X'\n# {{no}}\n\nX") == Lines{"send|# {{no}}\n"});
  CHECK(lines_of("send <<EOF\nEOF") == Lines{"send|"});
  CHECK(lines_of("send 1 <<2\nsend <<\nsend a<<EOF") == Lines{"send 1 <<2", "send <<", "send a<<EOF"});
  CHECK(lines_of("send a\nsend <<EOF\nb") == Lines{"send a", "! 2:6 no line holds EOF alone"});
}

TEST_CASE("what is no text is told with its line") {
  CHECK(lines_of("a\nb\xff\n") == Lines{"a", "! 2:1 this line is not UTF-8"});
  CHECK(lines_of(std::string_view("a\nb\0c", 5)) == Lines{"a", "! 2:1 there is a NUL in this line"});
}

TEST_CASE("places are those in the file, in characters") {
  SourceLines lines("# x\n  send \u00e9x \\\n    more <<EOF\nz\nEOF");
  const auto line = lines.next();
  REQUIRE(line);
  CHECK(line->text == "send \u00e9x more");
  const auto place = [&](std::size_t at) {
    return std::to_string(line->place(at).line) + ":" + std::to_string(line->place(at).column);
  };
  CHECK(place(0) == "2:3");
  CHECK(place(line->text.find('x')) == "2:9");
  CHECK(place(line->text.find("more")) == "3:5");
  CHECK(place(line->text.size() + 1) == "4:1");
  std::size_t within = 0;
  CHECK(line->shown(line->text.find("ore"), within) == "more");
  CHECK(within == 1);
}
