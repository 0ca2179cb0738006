#include "app/echo.h"

namespace wscope::app {

void Echo::handle_message(Client& client, const ws::Message& message) {
  if (message.data.empty() && !message.finished) return;  // the end of a frame, which says nothing
  ws::Piece piece;
  piece.opcode = client.connection().sending_message() ? ws::Opcode::continuation : message.type;
  piece.payload = message.data;
  piece.finished = message.finished;
  piece.compress = (message.rsv & ws::rsv1) != 0;
  piece.known_utf8 = true;
  // Can only fail once our Close is sent: the peer is paused long before the output is full.
  static_cast<void>(client.send(piece));
  client.pause(Client::Wait::for_answers, !client.peer().has_room());
}

// A client that does not take its answers as fast as it asks waits until it has them.
void Echo::handle_progress(Client& client) {
  client.pause(Client::Wait::for_answers, !client.connection().output().empty());
}

}  // namespace wscope::app
