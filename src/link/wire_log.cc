#include "link/wire_log.h"

#include <variant>

#include "wire/agreement.h"

namespace wscope::link {

std::size_t WireLog::handle_received(base::Bytes bytes) {
  const std::size_t taken = received_.receive(bytes);
  report(wire::Direction::in, received_.next_event());
  return taken;
}

void WireLog::handle_sent(base::Bytes bytes) {
  while (!bytes.empty()) {
    bytes = bytes.subspan(sent_.receive(bytes));
    report(wire::Direction::out, sent_.next_event());
  }
}

void WireLog::note_sent(peer::Peer& peer, ws::Opcode type, base::Bytes data, bool finished) {
  peer.show_output();  // the frame's report comes first, and that of what was sent before it
  reporter_.report(connection_, Sent{type, data, finished});
}

void WireLog::report(wire::Direction direction, const std::optional<wire::Reader::Event>& event) {
  if (!event) return;
  if (const auto* head = std::get_if<wire::Head>(&*event)) {
    reporter_.report(connection_, HeadSeen{direction, *head});
    if (reporter_.interests().frame_texts) follow_agreement(direction, head->text);
  } else if (const auto* frame = std::get_if<wire::Frame>(&*event)) {
    reporter_.report(connection_, FrameSeen{direction, *frame});
  }
}

// The server says what was agreed on, and this head is its own.
void WireLog::follow_agreement(wire::Direction direction, std::string_view head) {
  const auto agreed = wire::agreed_deflate(head);
  if (!agreed) return;
  const bool from_peer = direction == wire::Direction::in;
  received_.inflate(from_peer ? ws::Role::server : ws::Role::client, *agreed);
  sent_.inflate(from_peer ? ws::Role::client : ws::Role::server, *agreed);
}

}  // namespace wscope::link
