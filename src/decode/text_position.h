// Where in a text something is, as people count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::decode {

/// Line and column, from 1; a column is a byte.
struct TextPosition {
  std::uint64_t line = 1;
  std::uint64_t column = 1;

  void pass(char c) noexcept {
    if (c == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
};

/// "3:17: why"
[[nodiscard]] inline base::Error error_at(const TextPosition& position, std::string_view why) {
  return {base::ErrorKind::io,
          std::to_string(position.line) + ":" + std::to_string(position.column) + ": " + std::string(why)};
}

/// A character as it can be shown: "\"z\"", or "byte 0x1b".
[[nodiscard]] std::string quote(char c);

}  // namespace wscope::decode
