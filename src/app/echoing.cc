#include "app/echoing.h"

#include <algorithm>

#include "app/connection_options.h"

namespace wscope::app {

ws::Piece echo_of(const ws::Message& message, const ws::Connection& connection) {
  ws::Piece piece;
  piece.opcode = connection.sending_message() ? ws::Opcode::continuation : message.type;
  piece.payload = message.data;
  piece.finished = message.finished;
  piece.compress = (message.rsv & ws::rsv1) != 0;
  piece.known_utf8 = true;
  return piece;
}

void prepare_for_echo(ws::Options& options, const cli::SizeLimits& limits) {
  const std::uint64_t held = longest_held(limits);
  options.whole_up_to = held;
  options.limits.output += static_cast<std::size_t>(std::min<std::uint64_t>(held, SIZE_MAX - options.limits.output));
}

bool holds_enough(const ws::Connection& connection, const cli::SizeLimits& limits) noexcept {
  return connection.state() == ws::State::open && connection.output().size() >= longest_held(limits);
}

}  // namespace wscope::app
