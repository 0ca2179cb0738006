// What every command runs on.
#pragma once

#include "base/random.h"
#include "net/poller.h"
#include "peer/peer.h"
#include "peer/read_blocks.h"

namespace wscope::app {

/// The loop and what its connections share. Outlives all of them.
struct Loop {
  net::Poller poller;
  base::SystemRandom random;
  peer::ReadBlocks blocks;

  [[nodiscard]] peer::PeerContext context() noexcept { return {poller, random, blocks}; }
};

}  // namespace wscope::app
