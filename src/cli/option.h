// An option of the command line, as a row of the table has it.
#pragma once

#include <cstdint>
#include <string_view>

#include "repl/command_line.h"

namespace wscope::cli {

/// Commands that have an option.
enum class CommandSet : std::uint16_t {
  connect = 1,
  listen = 2,
  echo = 4,
  alone = 8,  ///< wscope without the name of a command, besides those of connect
  run = 16,
  forward = 32,
  ping = 64,
  check = 512,
  decode = 128,
  encode = 256,
  pipes = 3,          ///< connect and listen, which have stdin and stdout
  servers = 6,        ///< listen and echo
  as_in_wscat = 14,   ///< servers, which may be asked for without their names
  outgoing = 97,      ///< connect, forward and ping
  requesting = 609,   ///< those and check, which make requests
  with_events = 7,    ///< connect, listen and echo, whose stdout may be JSON
  long_lived = 39,    ///< connect, forward and servers, whose connections may be silent for long
  own_s = 545,        ///< requesting, but for ping, whose -s is a size
  colored = 67,       ///< connect, listen and ping
  timed = 65,         ///< connect and ping
  all = 103,          ///< what makes connections of its own and shows them: outgoing and servers
  secured = 615,      ///< those and check, which may have certificates
  offline = 384,      ///< decode and encode
  everywhere = 1023,  ///< all commands, and alone
};
[[nodiscard]] constexpr bool has(CommandSet set, CommandSet command) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(command)) != 0;
}

/// What an option is about.
enum class Scope : std::uint8_t {
  link,     ///< a connection or a server: it may be given to /connect or /listen
  session,  ///< what becomes of stdin, and when it all ends: said once, on the command line
  display,  ///< what is shown: the same, but it makes sense without a URL, too
};

/// How often and how a value may be given.
enum class Given : std::uint8_t {
  once,
  repeatedly,
  in_one_word,  ///< it may be left out, and else is in the word of the option: --name=VALUE
};

/// What an option takes.
struct Value {
  repl::ValueKind kind = repl::ValueKind::none;
  std::string_view name = {};  ///< as --help has it; of a choice, its words: "wait|close|hold"
  Given given = Given::once;
  repl::Secret secret = repl::Secret::never;
  bool may_be_empty = false;  ///< else a text that is empty is an error: it is mostly a variable that is not set
  std::uint8_t words = 1;     ///< that it takes behind it each time
};

struct Option {
  /// As --help lists them, "-w,--wait": letters, then long ones, of which messages have the first.
  std::string_view names;
  CommandSet commands;
  Scope scope;
  std::string_view group;  ///< the heading in --help; empty: the first one
  Value value;
  std::string_view excludes;  ///< what it cannot be given with: "--in,--out"; one of the two says it
  std::string_view help;      ///< a line; up to the first ";", ":" or "(" it can stand alone

  [[nodiscard]] constexpr bool is_named(std::string_view name) const noexcept {
    return repl::is_in_list(name, names, ',');
  }
  /// The name in messages.
  [[nodiscard]] constexpr std::string_view name() const noexcept {
    const std::string_view from = names.substr(names.find("--"));
    return from.substr(0, from.find(','));
  }
  [[nodiscard]] constexpr bool takes_value() const noexcept { return value.kind != repl::ValueKind::none; }
  [[nodiscard]] constexpr bool takes_next_word() const noexcept {
    return takes_value() && value.given != Given::in_one_word;
  }
};

}  // namespace wscope::cli
