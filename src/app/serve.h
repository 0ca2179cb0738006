// wscope echo.
#pragma once

#include "app/outcome.h"
#include "cli/options.h"

namespace wscope::app {

/// Serves until a signal comes, then says goodbye to the clients.
[[nodiscard]] Outcome serve(const cli::EchoCommand& command);

}  // namespace wscope::app
