// wscope ping: round-trip times of an endpoint.
#pragma once

#include <csignal>
#include <initializer_list>

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// The signals that it needs to hear of: SIGINT is how it ends, SIGQUIT asks how it stands.
inline constexpr std::initializer_list<int> ping_signals = {SIGINT, SIGTERM, SIGQUIT};

/// Pings until all are answered or lost, the peer closes, or it is told to end.
[[nodiscard]] streams::Outcome ping(link::Loop& loop, net::Signals& signals, const PingCommand& command);

}  // namespace wscope::session
