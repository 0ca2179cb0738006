#include "link/link.h"

#include <algorithm>
#include <string>
#include <variant>

#include "wire/frame_writer.h"

namespace wscope::link {

void Link::pause(Wait wait, bool paused) {
  const auto bit = static_cast<unsigned char>(wait);
  waits_ = static_cast<unsigned char>(paused ? waits_ | bit : waits_ & ~bit);
  peer_.pause(waits_ != 0);
}

bool Link::more_has_come() noexcept {
  const auto receiving = connection().receiving();
  const std::uint64_t length = receiving ? receiving->length : 0;
  return std::exchange(seen_, length) != length && length > 0;
}

ws::Status Link::send(const wire::Instruction& instruction, base::RandomSource& random) {
  if (const auto* piece = std::get_if<ws::Piece>(&instruction)) return send(*piece);
  if (const auto* fragments = std::get_if<wire::SendFragments>(&instruction)) return carry_out(*fragments);
  if (const auto* frame = std::get_if<wire::SendFrame>(&instruction)) return carry_out(*frame, random);
  if (const auto* ping = std::get_if<wire::SendPing>(&instruction)) {
    return connection().send_ping(peer_.now(), ping->payload);
  }
  if (const auto* pong = std::get_if<wire::SendPong>(&instruction)) return connection().send_pong(pong->payload);
  if (const auto* close = std::get_if<wire::SendClose>(&instruction)) {
    pause(Wait::by_hand, false);  // the answer is to be read
    return connection().close(peer_.now(), close->code, close->reason);
  }
  return connection().send_raw(std::get<wire::SendBytes>(instruction).bytes);
}

ws::Status Link::send_and_report(const ws::Piece& piece) {
  ws::Piece sent = piece;
  sent.compress = piece.compress && compresses_;
  const ws::Status status = connection().send(sent);
  if (status == ws::Status::ok) wire_log_->note_sent(peer_, piece.opcode, piece.payload, piece.finished);
  return status;
}

// It is reported as the one message that it is.
ws::Status Link::carry_out(const wire::SendFragments& fragments) {
  base::Bytes rest = fragments.text;
  ws::Opcode opcode = ws::Opcode::text;
  do {
    const base::Bytes payload = rest.first(std::min(fragments.size, rest.size()));
    rest = rest.subspan(payload.size());
    const ws::Piece piece = {.opcode = std::exchange(opcode, ws::Opcode::continuation),
                             .payload = payload,
                             .finished = rest.empty(),
                             .compress = compresses_,
                             .known_utf8 = true};
    if (const ws::Status status = connection().send(piece); status != ws::Status::ok) return status;
  } while (!rest.empty());
  if (wire_log_) wire_log_->note_sent(peer_, ws::Opcode::text, fragments.text);
  return ws::Status::ok;
}

ws::Status Link::carry_out(const wire::SendFrame& frame, base::RandomSource& random) {
  wire::Header header = frame.header;
  if (frame.masked_by_role) {
    header.mask.reset();
    if (connection().role() == ws::Role::client) random.fill(header.mask.emplace());
  }
  std::string bytes;
  wire::append_frame(header, frame.payload, bytes);
  return connection().send_raw(base::as_bytes(bytes));
}

}  // namespace wscope::link
