// What a script says, statement by statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "repl/command_line.h"
#include "script/source_lines.h"
#include "talk/capture.h"
#include "talk/expression.h"
#include "talk/match.h"
#include "talk/path.h"
#include "talk/template.h"

namespace wscope::script {

struct Statement;
using Block = std::vector<Statement>;

/// A part of a statement that is known before, or once values are in it. What it has to be is looked at as soon as it
/// is known.
using Text = talk::Template;

/// What an expectation is about: the kind of an event.
enum class Kind : std::uint8_t {
  message,  ///< text or binary: what is meant if none is named
  text,
  binary,
  json,
  ping,
  pong,
  close,
  open,
  refused,
  fail,   ///< we failed the connection
  lost,   ///< it ended without a Close
  error,  ///< it could not be made
  any,
  none,
};
[[nodiscard]] std::string_view name_of(Kind kind) noexcept;
[[nodiscard]] std::optional<Kind> kind_named(std::string_view name) noexcept;

/// What event is meant.
struct Wanted {
  Kind kind = Kind::message;
  std::optional<Text> argument{};  ///< of close: CODE or A..B; of open: the subprotocol; of refused, fail, error
  std::optional<talk::Match> match{};
  std::string text{};   ///< as it was written, without `within`
  LinePlace place{};    ///< of what is looked for
  std::string shown{};  ///< the line with that
  std::size_t at = 0;   ///< where in it, in bytes, as is `width`
  std::size_t width = 1;
};

struct Connect {
  std::vector<Text> words;             ///< as a command line has them, without `as NAME`
  std::string as;                      ///< empty: the unnamed one
  std::optional<repl::Wanted> plan{};  ///< what they ask for, if they have no names
};
struct Listen {
  std::vector<Text> words;
  std::string as;  ///< "server" unless named
  std::optional<repl::Wanted> plan{};
};
struct Accept {
  std::string from;  ///< the name of a listener; empty: the only one
  std::string as;
  std::optional<Text> within{};  ///< seconds
};
/// What is sent, with the words of the commands that send.
struct Send {
  enum class What : std::uint8_t { text, escaped_text, file, binary, ping, pong, close, frame, raw, fragment };
  What what;
  Text text;
};
/// What is done to a connection besides.
struct Handle {
  enum class How : std::uint8_t { abort, half_close, pause, resume };
  How how;
};
struct Expect {
  Wanted wanted;
  bool next = false;  ///< the next event has to be it
  std::optional<Text> within{};
  std::optional<talk::Match> skip{};  ///< of next: messages that are passed over
};
struct All {
  Block expectations;
  std::optional<Text> within{};
};
struct Check {
  talk::Expression expression;
};
struct Set {
  std::string name;
  Text text;
};
struct Option {
  enum class Which : std::uint8_t { within, strict, autopong };
  Which which;
  Text value;
};
struct Wait {
  Text seconds;
};
struct Repeat {
  Text count;
  Block block;
};
struct Say {
  enum class How : std::uint8_t { echo, fail, skip };
  How how;
  Text text;
};
struct Snapshot {
  Text name;
  std::vector<talk::Path> except;
};
struct Exec {
  std::string command;
};
/// ## NAME
struct Section {
  std::string name;
};

struct Statement {
  std::size_t file = 0;  ///< in Script::files
  LinePlace place;
  std::string line;   ///< as it was written, without indentation
  std::string party;  ///< the connection it is about; empty: the unnamed one
  std::variant<Connect, Listen, Accept, Send, Handle, Expect, All, talk::Capture, Check, Set, Option, Wait, Repeat, Say,
               Snapshot, Exec, Section>
      does;
};

/// A script that was read, with what it includes.
struct Script {
  std::string name;                ///< as it was given
  std::vector<std::string> files;  ///< it and those it includes
  Block statements{};
  std::vector<std::string> secrets{};  ///< values from the environment that nobody is to see
};

/// "login.ws:5:13"
[[nodiscard]] std::string place_text(const Script& script, const Statement& statement, LinePlace place);

}  // namespace wscope::script
