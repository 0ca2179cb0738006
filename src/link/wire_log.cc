#include "link/wire_log.h"

#include <variant>

#include "view/wire_text.h"

namespace wscope::link {

std::size_t WireLog::handle_received(base::Bytes bytes) {
  base::Bytes rest = bytes;
  static_cast<void>(report_next(wire::Direction::in, rest));
  return bytes.size() - rest.size();
}

void WireLog::handle_sent(base::Bytes bytes) {
  while (report_next(wire::Direction::out, bytes)) {
  }
}

ws::Status WireLog::send(peer::Peer& peer, const ws::Piece& piece) {
  const ws::Status status = peer.connection().send(piece);
  if (status != ws::Status::ok) return status;
  peer.show_output();  // the frame's report comes first, and that of what was sent before it
  reporter_.sent(connection_, piece.opcode, piece.payload);
  return status;
}

bool WireLog::report_next(wire::Direction direction, base::Bytes& bytes) {
  const auto item = (direction == wire::Direction::in ? received_ : sent_).next(bytes);
  if (!item) return false;
  if (const auto* head = std::get_if<wire::Head>(&*item)) {
    reporter_.head(connection_, direction, *head);
    if (reporter_.describes_frames()) follow_agreement(direction, head->text);
  } else {
    reporter_.frame(connection_, direction, std::get<wire::Frame>(*item));
  }
  return true;
}

// The server says what was agreed on, and this head is its own.
void WireLog::follow_agreement(wire::Direction direction, std::string_view head) {
  const auto agreed = view::agreed_deflate(head);
  if (!agreed) return;
  const bool from_peer = direction == wire::Direction::in;
  received_.inflate(from_peer ? ws::Role::server : ws::Role::client, *agreed);
  sent_.inflate(from_peer ? ws::Role::client : ws::Role::server, *agreed);
}

}  // namespace wscope::link
