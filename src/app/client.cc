#include "app/client.h"

#include <utility>

namespace wscope::app {
namespace {

// Bytes that may wait for a client before a message is added; with none waiting any message is.
constexpr std::size_t waiting_limit = std::size_t{1} << 20;

}  // namespace

ws::Status Client::send(const ws::Piece& piece) {
  if (wire_log_) peer_.flush();  // shows the control frames before it
  const ws::Status status = connection().send(piece);
  if (status != ws::Status::ok || !wire_log_) return status;
  peer_.show_output();  // the frame's report comes first, and that of what was sent before it
  wire_log_->handle_message(piece.opcode, piece.payload);
  return status;
}

void Client::pause(Wait wait, bool paused) {
  const auto bit = static_cast<unsigned char>(wait);
  waits_ = static_cast<unsigned char>(paused ? waits_ | bit : waits_ & ~bit);
  peer_.pause(waits_ != 0);
}

Client::Offered Client::offer(const ws::Piece& message, cli::SlowClient slow) {
  const std::size_t waiting = connection().output().size();
  const bool fits = waiting == 0 || waiting + message.payload.size() <= waiting_limit;
  if (fits && send(message) == ws::Status::ok) {
    if (!peer_.has_room()) peer_.flush();
    return std::exchange(lags_, false) ? Offered::keeps_up_again : Offered::taken;
  }
  if (slow == cli::SlowClient::drop) return std::exchange(lags_, true) ? Offered::left_out : Offered::begins_to_lag;
  static_cast<void>(connection().close(ws::close_code::policy_violation, "reading too slowly"));
  return Offered::closed;
}

}  // namespace wscope::app
