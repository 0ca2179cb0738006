// What is asked for of a program whose stdin and stdout are a WebSocket's messages.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "process/launch.h"
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
  std::vector<std::string> arguments{};           ///< the program's name, or its path, and what it is given
  std::optional<process::WindowSize> terminal{};  ///< it has one, of that size at first
  std::vector<std::string> environment{};         ///< as process::inherited_environment() takes it
  std::string folder{};                           ///< to begin in; empty: ours
  std::uint64_t most = 64;                        ///< processes at a time
  std::optional<base::Duration> patience = std::chrono::seconds(5);  ///< to end, as process::Leaving has it
  std::optional<base::Duration> early{};  ///< how long the 101 waits for output; nothing: not
};

/// How long a program has at most when all end that has no limit of its own.
inline constexpr base::Duration patience_with_all = std::chrono::seconds(5);

/// The program itself, with what it inherits of our environment. An error of kind io: there is none, or no such folder.
[[nodiscard]] base::Result<process::Launch> find_launch(const ExecPlan& plan);

}  // namespace wscope::serve
