// A person at a terminal.
#pragma once

#include <csignal>
#include <initializer_list>
#include <variant>

#include "app/loop.h"
#include "app/outcome.h"
#include "cli/options.h"
#include "net/signals.h"

namespace wscope::app {

/// The signals that a session on a terminal needs to hear of.
inline constexpr std::initializer_list<int> repl_signals = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH, SIGCHLD};

/// What it begins with.
using ReplStart = std::variant<cli::UnconnectedCommand, cli::ConnectCommand, cli::ServeCommand>;

/// Whether stdin and stdout are terminals and the command is one for a person, not for a pipe.
[[nodiscard]] bool wants_repl(const cli::Command& command);

/// Runs the REPL, which takes `start` apart, until the person ends it, or until the one connection that it was begun
/// with is over.
[[nodiscard]] Outcome run_repl(Loop& loop, net::Signals& signals, ReplStart&& start);

}  // namespace wscope::app
