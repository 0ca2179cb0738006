// wscope forward: sockets, or stdin and stdout, through WebSocket connections.
#pragma once

#include <csignal>
#include <initializer_list>

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// The signals that it needs to hear of: who starts it as a ProxyCommand hangs up.
inline constexpr std::initializer_list<int> forward_signals = {SIGINT, SIGTERM, SIGHUP};

/// Forwards until it is told to end, or stdin and stdout until their connection is over.
[[nodiscard]] streams::Outcome forward(link::Loop& loop, net::Signals& signals, const ForwardCommand& command);

}  // namespace wscope::session
