// A person at a terminal.
#pragma once

#include <csignal>
#include <initializer_list>
#include <variant>

#include "link/loop.h"
#include "net/signals.h"
#include "repl/command_line.h"
#include "session/plan.h"
#include "streams/outcome.h"
#include "streams/typed_input.h"

namespace wscope::session {

/// The signals that a session on a terminal needs to hear of.
inline constexpr std::initializer_list<int> repl_signals = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH, SIGCHLD};

/// What it begins with.
using ReplStart = std::variant<UnconnectedCommand, ConnectCommand, ServeCommand>;

/// How a command behaves towards a person; null if it is of a kind that does not say.
template <typename... Commands>
[[nodiscard]] const Interaction* interaction_of(const std::variant<Commands...>& command) {
  return std::visit(
      []([[maybe_unused]] const auto& one) -> const Interaction* {
        if constexpr (requires { one.interaction; }) return &one.interaction;
        return nullptr;
      },
      command);
}

/// What it shows, likewise.
template <typename... Commands>
[[nodiscard]] const report::Reporting* reporting_of(const std::variant<Commands...>& command) {
  return std::visit(
      []([[maybe_unused]] const auto& one) -> const report::Reporting* {
        if constexpr (requires { one.reporting; }) return &one.reporting;
        return nullptr;
      },
      command);
}

/// Whether a command is one for a person, if there is one, and not for a pipe: a person wants to see messages in the
/// usual form, and to go on until there is nothing more to see.
[[nodiscard]] bool is_for_person(const ConnectCommand& command);
[[nodiscard]] bool is_for_person(const UnconnectedCommand& command);
[[nodiscard]] bool is_for_person(const ServeCommand& command);
/// Whether it is, and stdin is a terminal. stdout need not be one: it gets the payloads then.
template <typename... Commands>
[[nodiscard]] bool wants_repl(const std::variant<Commands...>& command) {
  const auto is_for_person_if_any = []([[maybe_unused]] const auto& one) {
    if constexpr (requires { is_for_person(one); }) return is_for_person(one);
    return false;
  };
  return streams::TypedInput::is_typed() && std::visit(is_for_person_if_any, command);
}

/// Runs the REPL, which takes `start` apart, until the person ends it, or until the one connection that it was begun
/// with is over.
[[nodiscard]] streams::Outcome run_repl(link::Loop& loop, net::Signals& signals, ReplStart&& start,
                                        const repl::CommandLine& command_line);

}  // namespace wscope::session
