// wscope decode: reads an input to its end and prints what frames are in it.
#pragma once

#include "decode/plan.h"
#include "net/signals.h"
#include "streams/outcome.h"

namespace wscope::decode {

/// Does what the plan says. `signals`, which end it, are SIGINT and SIGTERM. Progress on a long input is shown on a
/// stderr that is a terminal.
[[nodiscard]] streams::Outcome decode(const DecodePlan& plan, net::Signals& signals);

}  // namespace wscope::decode
