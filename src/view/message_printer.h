// Received messages as they are printed to a pipe or a terminal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.h"
#include "ws/event.h"

namespace wscope::view {

/// How a message is written.
enum class MessageFormat : unsigned char {
  lines,     ///< text with a line feed behind it, binary as it is
  terminal,  ///< text with control characters escaped and a line feed behind it, binary as a hex dump
  nul,       ///< a NUL byte behind every message
  raw,       ///< nothing but payloads
  hex,       ///< every message a line of hexadecimal digits
  base64,    ///< every message a line of base64
};

/// Turns messages and pieces of messages into bytes to be printed.
class MessagePrinter {
 public:
  explicit MessagePrinter(MessageFormat format) noexcept : format_(format) {}

  /// Appends what stands for `message` to `out`. For a terminal, pieces of text must end between code points.
  void print(const ws::Message& message, base::Buffer& out);
  void print(std::span<const ws::Message> messages, base::Buffer& out);

 private:
  // Of MessageFormat::lines or nul.
  [[nodiscard]] bool ends_in_byte(const ws::Message& message) const noexcept {
    return message.finished && (format_ == MessageFormat::nul || message.type == ws::Opcode::text);
  }
  void print_for_terminal(const ws::Message& message, base::Buffer& out);
  void print_base64(const ws::Message& message, base::Buffer& out);

  MessageFormat format_;
  std::uint64_t offset_ = 0;          // within a binary message that is dumped in pieces
  std::array<std::byte, 3> group_{};  // bytes that base64 writes as one
  std::size_t group_size_ = 0;        // how many of them earlier pieces have left
};

}  // namespace wscope::view
