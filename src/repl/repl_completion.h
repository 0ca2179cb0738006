// What Tab offers in the REPL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "repl/command_line.h"
#include "term/completion.h"
#include "term/history.h"

namespace wscope::repl {

/// What there is to be offered besides the commands themselves.
struct CompletionSources {
  const CommandLine& command_line;         ///< for options
  const term::History& history;            ///< URLs in it, but for those with a password
  std::vector<std::string> connections{};  ///< their numbers
  std::vector<std::string> ports{};        ///< of listeners
};

/// What could stand at the end of `line`: commands, and of each command what its arguments may be: options, files,
/// URLs, numbers of connections. Nothing in a line that is no command.
[[nodiscard]] term::Completions complete_line(std::string_view line, const CompletionSources& sources);

}  // namespace wscope::repl
