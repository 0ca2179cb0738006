// wscope connect: a client in a pipe.
#pragma once

#include "app/outcome.h"
#include "cli/options.h"

namespace wscope::app {

/// Connects, sends the lines of stdin and prints the messages that come, until one side has nothing more to say.
[[nodiscard]] Outcome connect_and_pipe(const cli::ConnectCommand& command);

}  // namespace wscope::app
