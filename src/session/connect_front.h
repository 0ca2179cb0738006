// wscope connect: a client in a pipe.
#pragma once

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Connects, sends the lines of stdin and prints the messages that come, until one side has nothing more to say.
[[nodiscard]] streams::Outcome connect_and_pipe(link::Loop& loop, net::Signals& signals, const ConnectCommand& command);

}  // namespace wscope::session
