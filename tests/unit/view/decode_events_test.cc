#include "view/decode_events.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

TEST_CASE("what is decoded, as JSON") {
  const view::Stamp stamp{{}, 3};
  constexpr auto out = wire::Direction::out;
  std::string lines;
  wire::Frame frame;
  frame.opcode = 3;
  frame.rsv = 1;
  frame.length = 9;
  frame.bytes = base::as_bytes("\x93\x09");
  view::append_frame_at(stamp, out, frame, 7, lines);
  view::append_violation(stamp, out, {"RFC 6455 5.2", 7, "frame with \"quotes\""}, lines);
  view::append_cut(stamp, wire::Direction::in, 8, base::as_bytes("\x81"), 1, lines);
  view::append_cut(stamp, out, 8, {}, 0, lines);
  view::append_hole(stamp, out, 9, 10, lines);
  view::append_unreadable(stamp, "TLS", lines);
  const std::string begin = R"(,"time":"1970-01-01T00:00:00.000000Z","conn":3,"dir":")";
  CHECK(lines == R"({"event":"frame")" + begin +
                     R"(out","opcode":3,"fin":true,"rsv":1,"masked":false,"length":9,"hex":"9309","offset":7})"
                     "\n"
                     R"({"event":"violation")" +
                     begin +
                     R"(out","section":"RFC 6455 5.2","offset":7,"message":"frame with \"quotes\""})"
                     "\n"
                     R"({"event":"cut")" +
                     begin +
                     R"(in","offset":8,"hex":"81","needs":1})"
                     "\n"
                     R"({"event":"cut")" +
                     begin +
                     R"(out","offset":8,"hex":"","needs":null})"
                     "\n"
                     R"({"event":"hole")" +
                     begin +
                     R"(out","offset":9,"length":10})"
                     "\n"
                     R"({"event":"unreadable","time":"1970-01-01T00:00:00.000000Z","conn":3,"message":"TLS"})"
                     "\n");
}
