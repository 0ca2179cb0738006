// A command of the program on a loop of a test.
#pragma once

#include <csignal>

#include "link/loop.h"
#include "net/signals.h"
#include "streams/outcome.h"

namespace wscope::test {

/// Runs a command of the program: `command` takes the loop and the signals it runs on.
template <typename Command>
[[nodiscard]] streams::Outcome run_command(Command command) {
  auto signals = net::Signals::install({SIGINT, SIGTERM});
  if (!signals) return {};
  link::Loop loop;
  return command(loop, *signals);
}

}  // namespace wscope::test
