// The commands of the REPL that choose what is shown.
#pragma once

#include <string_view>

#include "base/result.h"
#include "repl/slash_commands.h"

namespace wscope::repl {

class InterpreterHost;
class Variables;

/// Whether it is such a command.
[[nodiscard]] bool is_about_showing(Action action) noexcept;

/// Whether it chooses messages: /filter or /mute.
[[nodiscard]] bool chooses_messages(Action action) noexcept;

/// Obeys one, and says what is so from now on. An error, of kind usage or not_now, if its arguments are wrong or there
/// is no screen.
[[nodiscard]] base::Result<void> choose_messages(Action action, std::string_view arguments, InterpreterHost& host,
                                                 Variables& variables);
/// The same of any other one.
[[nodiscard]] base::Result<void> choose_shown(Action action, std::string_view arguments, InterpreterHost& host);

}  // namespace wscope::repl
