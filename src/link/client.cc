#include "link/client.h"

namespace wscope::link {
namespace {

// Bytes that may wait for a client before a message is added; with none waiting any message is.
constexpr std::size_t waiting_limit = std::size_t{1} << 20;

}  // namespace

bool Client::keeps_up(std::size_t size) const noexcept {
  const std::size_t waiting = connection().output().size();
  return waiting == 0 || waiting + size <= waiting_limit;
}

Client::Offered Client::offer(const ws::Piece& message, SlowClient slow) {
  if (!keeps_up(message.payload.size()) || send(message) != ws::Status::ok) return leave_out(slow);
  if (!peer().has_room()) peer().flush();
  return take();
}

Client::Offered Client::leave_out(SlowClient slow) {
  if (slow == SlowClient::drop) return std::exchange(lags_, true) ? Offered::left_out : Offered::begins_to_lag;
  static_cast<void>(connection().close(peer().now(), ws::close_code::policy_violation, "reading too slowly"));
  return Offered::closed;
}

}  // namespace wscope::link
