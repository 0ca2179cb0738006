// The commands of the REPL: the one table that parsing, help, completion and the manual have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace wscope::repl {

/// What a command does.
enum class Action : std::uint8_t {
  connect,
  listen,
  use,
  connections,
  status,
  disconnect,
  reconnect,
  abort,
  pause,
  send,
  binary,
  file,
  edit,
  ping,
  pong,
  close,
  fragment,
  frame,
  raw,
  resend,
  compress,
  expect,
  reply,
  every,
  hex,
  json,
  show,
  filter,
  mute,
  clear,
  last,
  search,
  diff,
  copy,
  save,
  log,
  alias,
  set,
  vars,
  capture,
  source,
  wait,
  help,
  quit,
};

/// What Tab offers in the place of an argument.
enum class Completes : std::uint8_t {
  nothing,
  url,
  address,
  file,
  connection,
  end,  ///< of connections and listeners
  on_off,
  shown,
  setting,
  opcode,
  close_code,
  command,
  log,
  off
};

/// What a command is for: the headings of /help.
enum class Task : std::uint8_t { connections, sending, conversation, seeing, looking_back, session };

struct SlashCommand {
  Action action;
  std::string_view name;       ///< without the slash
  std::string_view alias;      ///< another name; empty: none
  std::string_view arguments;  ///< as the usage line has them; empty: it takes none
  std::string_view summary;    ///< a line
  std::string_view details;    ///< more lines for /help COMMAND; may be empty
  Completes completes;
  Task task;
};

/// All of them, in the order of /help.
[[nodiscard]] std::span<const SlashCommand> slash_commands() noexcept;

/// What may be switched with /show, and what each shows.
struct Switch {
  std::string_view name;
  std::string_view summary;
};
[[nodiscard]] std::span<const Switch> switches() noexcept;

/// The one of that name or other name, or else the only one that begins so; null if there is none.
[[nodiscard]] const SlashCommand* find_slash_command(std::string_view name) noexcept;
/// Whether it is the whole name of one.
[[nodiscard]] bool is_command(std::string_view name) noexcept;

/// A message to be sent.
struct TypedText {
  std::string_view text;
};
/// A command to be obeyed.
struct TypedCommand {
  const SlashCommand* command = nullptr;
  std::string_view arguments;  ///< without blanks around them, but for those of a text
};
/// What a line means: "/" begins a command, "//" a text that begins with "/". An error, of kind usage, for a command
/// that does not exist, or with arguments that it does not take. Views are into `line`.
[[nodiscard]] base::Result<std::variant<TypedText, TypedCommand>> parse_line(std::string_view line);

/// "/close [CODE [REASON]]"
[[nodiscard]] std::string usage(const SlashCommand& command);

/// An error that is not about how a command was typed: what it asks for is not possible now.
[[nodiscard]] base::Error not_now(std::string message);
/// An error as the command that it is about tells it: with its name and, if it was typed wrongly, its usage. What is
/// wrong with a file, or has a hint, speaks for itself, but what an excerpt is shown of is named, too.
[[nodiscard]] base::Error about(const SlashCommand& command, base::Error error);

/// What /help prints: of all, in so many columns if there are any, or of one.
[[nodiscard]] std::string help_text(std::optional<std::size_t> columns = std::nullopt);
[[nodiscard]] std::string help_text(const SlashCommand& command);
/// What /help keys prints.
[[nodiscard]] std::string help_on_keys();

}  // namespace wscope::repl
