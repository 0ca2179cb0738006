// What is asked for of a program whose stdin and stdout are a WebSocket's messages.
#pragma once

#include <cstdint>
#include <optional>

#include "streams/format.h"

namespace wscope::serve {

/// What a process is for.
enum class ExecMode : std::uint8_t {
  client,   ///< a connection: it begins before it is open and ends with it
  message,  ///< a message: what it writes is the answer
  shared,   ///< all connections of a server
};

/// What messages are to a program, and what it writes is to the other side.
enum class ExecFormat : std::uint8_t {
  lines,   ///< a message is a line
  nul,     ///< a message ends with a NUL
  whole,   ///< bytes in; all that is written is one message
  raw,     ///< bytes in; what each read gives is a message
  base64,  ///< a message is a line of base64
  json,    ///< a message, or something else that happens, is a line with an object
};

/// What becomes of a program's stderr.
enum class ExecStderr : std::uint8_t {
  show,  ///< lines on ours
  drop,
  send,  ///< messages, which say of which stream they are; so do those of stdout
};

/// What messages are made of a program's output, unless --text or --binary says so.
[[nodiscard]] streams::MessageType usual_type(ExecFormat format) noexcept;

struct ExecPlan {
  ExecMode mode = ExecMode::client;
  ExecFormat format = ExecFormat::lines;
  std::optional<streams::MessageType> type{};  ///< of what is sent; nothing: as is usual
  ExecStderr errors = ExecStderr::show;
};

}  // namespace wscope::serve
