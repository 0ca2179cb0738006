// What every command runs on.
#pragma once

#include <unistd.h>

#include "app/error_output.h"
#include "base/random.h"
#include "net/poller.h"
#include "peer/peer.h"
#include "peer/read_blocks.h"

namespace wscope::app {

/// The loop, what its connections share, and what all of it says on stderr. Outlives all of them.
struct Loop {
  /// `time`, if it is not to be the system's, outlives it.
  explicit Loop(const base::TimeSource* time = nullptr) : poller(time) {}

  net::Poller poller;
  base::SystemRandom random;
  peer::ReadBlocks blocks;
  base::Buffer spare_output{2 * peer::Peer::high_water};
  ErrorOutput errors{poller, STDERR_FILENO};

  [[nodiscard]] peer::PeerContext context() noexcept { return {poller, random, blocks, spare_output}; }
};

}  // namespace wscope::app
