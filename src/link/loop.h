// What every command runs on.
#pragma once

#include <unistd.h>

#include "base/budget.h"
#include "base/random.h"
#include "net/poller.h"
#include "peer/peer.h"
#include "peer/read_blocks.h"
#include "streams/error_output.h"

namespace wscope::link {

/// What its connections hold together at most, unless --max-held says otherwise.
inline constexpr std::uint64_t most_held = std::uint64_t{256} << 20;

/// The loop, what its connections share, and what all of it says on stderr. Outlives all of them.
struct Loop {
  /// `most`: bytes of messages that its connections hold together. `time`, if it is not to be the system's, outlives
  /// it.
  explicit Loop(const base::TimeSource* time = nullptr, std::uint64_t most = most_held) : poller(time), held(most) {}

  net::Poller poller;
  base::SystemRandom random;
  peer::ReadBlocks blocks;
  base::Budget held;  ///< of messages: those that are not complete, and output
  base::Buffer spare_output{2 * peer::Peer::high_water};
  streams::ErrorOutput errors{poller, STDERR_FILENO};

  [[nodiscard]] peer::PeerContext context() noexcept { return {poller, random, blocks, spare_output, &held}; }
};

}  // namespace wscope::link
