// Secrets that are not on the command line, asked for on the terminal.
#pragma once

#include <optional>

#include "base/result.h"
#include "link/plan.h"
#include "net/signals.h"

namespace wscope::repl {

constexpr const char* controlling_terminal = "/dev/tty";

/// Asks for what `command` asks to ask for, the passwords of its user and at its proxy and the passphrase of its key,
/// and fills it in. Returns the signal that interrupted it, if one did that is to end something. An error, of kind
/// usage, if there is no terminal at that path, no answer, or one that cannot be sent.
[[nodiscard]] base::Result<std::optional<int>> ask_what_is_missing(link::ConnectPlan& command, net::Signals& signals,
                                                                   const char* terminal = controlling_terminal);
/// The same of a server, for the passphrase.
[[nodiscard]] base::Result<std::optional<int>> ask_what_is_missing(link::ServePlan& command, net::Signals& signals,
                                                                   const char* terminal = controlling_terminal);

}  // namespace wscope::repl
