#include "link/connection_options.h"

#include <algorithm>
#include <cstdint>

#include "link/loop.h"

namespace wscope::link {
namespace {

constexpr std::size_t waiting_output = std::size_t{4} << 20;

// Beyond what waits already, there is room for one message that was held, also if compression makes it longer.
std::size_t output_limit(std::uint64_t held) noexcept {
  constexpr std::uint64_t most = SIZE_MAX / 2;
  if (held > most - most / 4) return most;
  return waiting_output + static_cast<std::size_t>(held + held / 8);
}

}  // namespace

std::uint64_t longest_held(const SizeLimits& limits) noexcept {
  return limits.message.value_or(streams::longest_held_message);
}

// Who allows a message more than all messages have by default means it.
std::uint64_t most_held_of(const SizeLimits& limits) noexcept {
  return limits.held.value_or(std::max(most_held, longest_held(limits)));
}

ws::Options connection_options(ws::Role role, Delivery delivery, const SizeLimits& limits, const Timeouts& timeouts) {
  const bool whole = delivery == Delivery::whole;
  ws::Options options;
  options.role = role;
  options.limits.message = whole ? longest_held(limits) : limits.message.value_or(ws::unlimited);
  options.limits.frame = limits.frame;
  options.limits.output = output_limit(longest_held(limits));
  if (limits.head) options.limits.head.head_bytes = *limits.head;
  options.whole_up_to = whole ? options.limits.message : 0;
  options.open_timeout = timeouts.handshake;
  options.close_timeout = timeouts.close;
  options.ping_interval = timeouts.ping_interval;
  options.ping_timeout = timeouts.ping_timeout;
  return options;
}

}  // namespace wscope::link
