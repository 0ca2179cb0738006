#include "ws/opcode.h"

#include <doctest/doctest.h>

using namespace wscope::ws;

TEST_CASE("six opcodes are known") {
  for (unsigned bits = 0; bits < 16; ++bits) {
    CAPTURE(bits);
    CHECK(is_known_opcode(static_cast<std::uint8_t>(bits)) == (bits < 3 || (bits > 7 && bits < 11)));
  }
}

TEST_CASE("opcodes have names, and three of them are control opcodes") {
  constexpr struct {
    Opcode opcode;
    std::string_view name;
    bool control;
  } rows[] = {
      {Opcode::continuation, "continuation", false},
      {Opcode::text, "text", false},
      {Opcode::binary, "binary", false},
      {Opcode::close, "close", true},
      {Opcode::ping, "ping", true},
      {Opcode::pong, "pong", true},
      {Opcode{3}, "unknown", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(name(row.opcode) == row.name);
    CHECK(is_control(row.opcode) == row.control);
  }
}
