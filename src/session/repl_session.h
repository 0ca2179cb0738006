// A person at a terminal.
#pragma once

#include <csignal>
#include <initializer_list>
#include <variant>

#include "cli/options.h"
#include "link/loop.h"
#include "net/signals.h"
#include "streams/outcome.h"

namespace wscope::session {

/// The signals that a session on a terminal needs to hear of.
inline constexpr std::initializer_list<int> repl_signals = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH, SIGCHLD};

/// What it begins with.
using ReplStart = std::variant<cli::UnconnectedCommand, cli::ConnectCommand, cli::ServeCommand>;

/// How a command behaves towards a person; null if it is of a kind that does not say.
template <typename... Commands>
[[nodiscard]] const cli::Interaction* interaction_of(const std::variant<Commands...>& command) {
  return std::visit(
      []([[maybe_unused]] const auto& one) -> const cli::Interaction* {
        if constexpr (requires { one.interaction; }) return &one.interaction;
        return nullptr;
      },
      command);
}

/// What it shows, likewise.
template <typename... Commands>
[[nodiscard]] const cli::Reporting* reporting_of(const std::variant<Commands...>& command) {
  return std::visit(
      []([[maybe_unused]] const auto& one) -> const cli::Reporting* {
        if constexpr (requires { one.reporting; }) return &one.reporting;
        return nullptr;
      },
      command);
}

/// Whether stdin and stdout are terminals and the command is one for a person, not for a pipe.
[[nodiscard]] bool wants_repl(const cli::Command& command);

/// Runs the REPL, which takes `start` apart, until the person ends it, or until the one connection that it was begun
/// with is over.
[[nodiscard]] streams::Outcome run_repl(link::Loop& loop, net::Signals& signals, ReplStart&& start);

}  // namespace wscope::session
