// Received messages as they are printed to a pipe or a terminal.
#pragma once

#include <cstdint>

#include "base/buffer.h"
#include "ws/event.h"

namespace wscope::view {

enum class Surface : unsigned char {
  pipe,      ///< untouched: text with a line feed behind each message, binary as it is
  terminal,  ///< text with control characters escaped, binary as a hex dump
};

/// Turns messages and pieces of messages into bytes to be printed.
class MessagePrinter {
 public:
  explicit MessagePrinter(Surface surface) noexcept : surface_(surface) {}

  /// Appends what stands for `message` to `out`. On a terminal, pieces of text must end between code points.
  void print(const ws::Message& message, base::Buffer& out);

 private:
  void print_on_terminal(const ws::Message& message, base::Buffer& out);

  Surface surface_;
  std::uint64_t offset_ = 0;  // within a binary message that is dumped in pieces
};

}  // namespace wscope::view
