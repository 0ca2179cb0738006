// Lines of our own dumps: those of -vv, and what decode prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/direction.h"

namespace wscope::decode {

struct OurLine {
  enum class Kind : unsigned char {
    frame,  ///< "09:12:01.123456 > TEXT fin len=5": its bytes follow
    head,   ///< "> GET / HTTP/1.1", "> Host: a", ">": a line of a head is `text`
    bytes,  ///< "  0000  81 85 …": in the lines of a dump
    hole,   ///< "        … 744 more bytes": `number` of them
    note,   ///< "* connected to …", in front of all
    other,
  };
  Kind kind = Kind::other;
  wire::Direction direction = wire::Direction::out;  ///< of frame and head
  std::uint64_t stream = 1;                          ///< of frame: "[3]" in front
  std::string_view text{};
  std::uint64_t number = 0;
};

/// `line` has no line end. `in_head`: a head has begun, and not ended. Without that, a line of a head is only its
/// first.
[[nodiscard]] OurLine read_our_line(std::string_view line, bool in_head) noexcept;

}  // namespace wscope::decode
