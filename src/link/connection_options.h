// From what is asked for to the options of a WebSocket connection.
#pragma once

#include "link/plan.h"
#include "ws/connection.h"

namespace wscope::link {

/// How messages are received.
enum class Delivery : unsigned char {
  streamed,  ///< in pieces as they come, of any size
  whole,     ///< in one piece, so of limited size
};

/// How long a message may be that is held.
[[nodiscard]] std::uint64_t longest_held(const SizeLimits& limits) noexcept;

/// How much may be held of all messages together.
[[nodiscard]] std::uint64_t most_held_of(const SizeLimits& limits) noexcept;

[[nodiscard]] ws::Options connection_options(ws::Role role, Delivery delivery, const SizeLimits& limits,
                                             const Timeouts& timeouts);

}  // namespace wscope::link
