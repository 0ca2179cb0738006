#include "link/broadcast.h"

namespace wscope::link {

void Broadcast::handle_message(Client& client, const ws::Message& message) {
  ws::Piece piece;
  piece.opcode = message.type;
  piece.payload = message.data;
  piece.compress = (message.rsv & ws::rsv1) != 0;
  piece.known_utf8 = true;
  server_->send_to_all(piece, &client);
}

}  // namespace wscope::link
