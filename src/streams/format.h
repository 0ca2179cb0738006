// How messages are written where they are no WebSocket messages yet, or no more: on stdin and stdout.
#pragma once

#include <cstdint>

namespace wscope::streams {

/// How stdin is cut into messages.
enum class InputFormat : std::uint8_t {
  lines,   ///< a line is a message
  nul,     ///< a message ends with a NUL byte
  whole,   ///< all of it is one message, sent in fragments
  raw,     ///< what each read gives is a message
  hex,     ///< a line of hexadecimal digits is a message
  base64,  ///< so is a line of base64
  json,    ///< a line is a JSON object: a message, a Ping, a Pong or a Close
};

/// How received messages are written to stdout.
enum class OutputFormat : std::uint8_t {
  lines,   ///< a line feed behind text; binary messages as they are, on a terminal as a hex dump
  nul,     ///< a NUL byte behind every message
  raw,     ///< nothing but payloads
  hex,     ///< a line of hexadecimal digits each
  base64,  ///< a line of base64 each
  json,    ///< everything that happens, a JSON object a line
};

enum class MessageType : std::uint8_t { text, binary };

/// What stdin is.
struct InputShape {
  InputFormat format = InputFormat::lines;
  MessageType type = MessageType::text;  ///< of what is sent
  bool keeps_line_ends = false;          ///< of lines: they are part of the message
  bool escapes = false;                  ///< in lines, and in what ends with a NUL, are read

  /// Whether it is as a person types.
  [[nodiscard]] bool is_plain() const noexcept { return format == InputFormat::lines && !keeps_line_ends && !escapes; }
};

/// The longest message that is held in memory unless --max-size says otherwise, in bytes.
inline constexpr std::uint64_t longest_held_message = std::uint64_t{16} << 20;

}  // namespace wscope::streams
