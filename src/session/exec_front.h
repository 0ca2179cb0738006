// wscope connect with a program in place of stdin and stdout.
#pragma once

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Connects, starts the program once the connection is open, joins the two until one of them ends, and ends the other;
/// once for each connection, if it is made again. `command.exec` is there.
[[nodiscard]] streams::Outcome connect_and_exec(link::Loop& loop, net::Signals& signals, const ConnectCommand& command);

}  // namespace wscope::session
