// Messages on their way back to whoever sent them.
#pragma once

#include "link/plan.h"
#include "ws/connection.h"

namespace wscope::link {

class Link;

/// Whether there is something to be sent back: a piece that only tells the end of a frame is left out.
[[nodiscard]] inline bool is_echoed(const ws::Message& message) noexcept {
  return !message.data.empty() || message.finished;
}

/// The message, or the piece of one, as it goes back on `connection`, which it has come from: text as text, binary as
/// binary, compressed if it was. Its payload is that of `message`.
[[nodiscard]] inline ws::Piece echo_of(const ws::Message& message, const ws::Connection& connection) noexcept {
  ws::Piece piece;
  piece.opcode = connection.sending_message() ? ws::Opcode::continuation : message.type;
  piece.payload = message.data;
  piece.finished = message.finished;
  piece.compress = (message.rsv & ws::rsv1) != 0;
  piece.known_utf8 = true;
  return piece;
}

/// Sends the message, or the piece of one, back on `link`, which it has come from, unless that is closed or closing.
void echo(const ws::Message& message, Link& link);

/// For a client that answers every message: messages come whole as far as they may be held, so that nothing of an
/// invalid one is sent back, and beyond that, unless it is forbidden, in pieces; and there is room for the answers of
/// which holds_enough() does not say that they are too many.
void prepare_for_echo(ws::Options& options, const SizeLimits& limits);

/// Has room for the answer to one message more when `held` bytes of answers wait already.
void make_room_for_answers(ws::Options& options, std::uint64_t held);

/// Whether so much of the answers waits for the peer that it is not to be read until it has read some. Until then as
/// much may wait as may be held: there are peers that send a message to its end before they read.
[[nodiscard]] bool holds_enough(const ws::Connection& connection, const SizeLimits& limits) noexcept;

}  // namespace wscope::link
