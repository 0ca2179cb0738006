// wscope echo and wscope listen.
#pragma once

#include <optional>

#include <sys/resource.h>

#include "link/loop.h"
#include "net/signals.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// A descriptor a client: as many as the system lets us have. What it was before; nothing if the system does not say.
std::optional<rlimit> raise_descriptor_limit() noexcept;

/// Serves until a signal comes, then says goodbye to the clients.
[[nodiscard]] streams::Outcome serve(link::Loop& loop, net::Signals& signals, const ServeCommand& command);

}  // namespace wscope::session
