#include "decode/our_dump.h"

#include <doctest/doctest.h>

using namespace wscope;
using decode::OurLine;
using decode::read_our_line;
using Kind = OurLine::Kind;

TEST_CASE("lines of our dumps") {
  const OurLine frame = read_our_line("[12] 09:12:01.123456 < TEXT fin len=5", false);
  CHECK(frame.kind == Kind::frame);
  CHECK(frame.direction == wire::Direction::in);
  CHECK(frame.stream == 12);
  CHECK(read_our_line("> OPCODE-3 len=5", false).kind == Kind::frame);
  CHECK(read_our_line("> PING", false).kind == Kind::frame);
  CHECK(read_our_line("  0000  81 05                    |..|", false).kind == Kind::bytes);
  const OurLine hole = read_our_line("        … 744 more bytes", false);
  CHECK(hole.kind == Kind::hole);
  CHECK(hole.number == 744);
  CHECK(read_our_line("        … 1 more byte", false).number == 1);
  CHECK(read_our_line("        \"… 7 more bytes\"", false).kind == Kind::other);
  CHECK(read_our_line("* connected", false).kind == Kind::note);
  CHECK(read_our_line("        ^^", false).kind == Kind::other);
}

TEST_CASE("a head is one only from its first line on") {
  CHECK(read_our_line("> GET /a HTTP/1.1", false).kind == Kind::head);
  CHECK(read_our_line("< HTTP/1.1 101 OK", false).text == "HTTP/1.1 101 OK");
  CHECK(read_our_line("< Host: a", false).kind == Kind::other);
  CHECK(read_our_line("> Host: a", true).kind == Kind::head);
  CHECK(read_our_line(">", true).kind == Kind::head);
  CHECK(read_our_line(">", true).text.empty());
  CHECK(read_our_line("> TEXTURE", false).kind == Kind::other);
}
