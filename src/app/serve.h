// wscope echo and wscope listen.
#pragma once

#include "app/loop.h"
#include "app/outcome.h"
#include "cli/options.h"
#include "net/signals.h"

namespace wscope::app {

/// Serves until a signal comes, then says goodbye to the clients.
[[nodiscard]] Outcome serve(Loop& loop, net::Signals& signals, const cli::ServeCommand& command);

}  // namespace wscope::app
