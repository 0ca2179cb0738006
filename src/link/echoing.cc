#include "link/echoing.h"

#include <algorithm>

#include "link/connection_options.h"
#include "link/link.h"

namespace wscope::link {

void echo(const ws::Message& message, Link& link) {
  if (is_echoed(message)) static_cast<void>(link.send(echo_of(message, link.connection())));
}

void prepare_for_echo(ws::Options& options, const SizeLimits& limits) {
  const std::uint64_t held = longest_held(limits);
  options.whole_up_to = held;
  make_room_for_answers(options, held);
}

void make_room_for_answers(ws::Options& options, std::uint64_t held) {
  options.limits.output += static_cast<std::size_t>(std::min<std::uint64_t>(held, SIZE_MAX - options.limits.output));
}

bool holds_enough(const ws::Connection& connection, const SizeLimits& limits) noexcept {
  return connection.state() == ws::State::open && connection.output().size() >= longest_held(limits);
}

}  // namespace wscope::link
