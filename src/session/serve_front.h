// wscope echo and wscope listen.
#pragma once

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Serves until a signal comes, then says goodbye to the clients.
[[nodiscard]] streams::Outcome serve(link::Loop& loop, net::Signals& signals, const ServeCommand& command);

}  // namespace wscope::session
