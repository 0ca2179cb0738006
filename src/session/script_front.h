// The commands of the REPL without a terminal.
#pragma once

#include "link/loop.h"
#include "net/signals.h"
#include "session/repl_front.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Obeys the lines of the file that the start's Interaction names, one after the other, and prints as in a pipe:
/// messages to stdout, all else to stderr. The first line that cannot be obeyed ends it (exit status 1). After the last
/// one it ends like a client whose stdin has ended: when all is silent for a while, or nothing is connected any more.
/// If it began with a server, that goes on until a line or a signal ends it.
[[nodiscard]] streams::Outcome run_script(link::Loop& loop, net::Signals& signals, ReplStart&& start,
                                          repl::PlanReader read);

}  // namespace wscope::session
