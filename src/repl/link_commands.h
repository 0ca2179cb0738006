// The commands of the REPL that change how a connection goes on.
#pragma once

#include <string_view>

#include "base/result.h"
#include "link/connections.h"
#include "repl/slash_commands.h"

namespace wscope::repl {

class InterpreterHost;

/// Whether it is such a command: /reconnect, /pause or /compress.
[[nodiscard]] bool changes_link(Action action) noexcept;

/// Obeys one, for what is in use, and says what is so from now on. An error, of kind usage or not_now, if its arguments
/// are wrong or nothing is in use that it could be about.
[[nodiscard]] base::Result<void> change_link(Action action, std::string_view arguments, link::Connections& connections,
                                             InterpreterHost& host);

}  // namespace wscope::repl
