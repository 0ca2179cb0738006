// wscope echo and wscope listen.
#pragma once

#include "cli/options.h"
#include "link/loop.h"
#include "net/signals.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Serves until a signal comes, then says goodbye to the clients.
[[nodiscard]] streams::Outcome serve(link::Loop& loop, net::Signals& signals, const cli::ServeCommand& command);

}  // namespace wscope::session
