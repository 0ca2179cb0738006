#include "ws/message_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace wscope::ws {
namespace {

// No extension worth its name makes a payload larger than this.
std::size_t encoded_bound(std::size_t payload) noexcept { return payload + payload / 8 + 1024; }

bool has_room(const base::Buffer& out, std::size_t payload, std::size_t reserve) noexcept {
  return out.space() >= reserve + max_frame_header && out.space() - reserve - max_frame_header >= payload;
}

}  // namespace

// A message in one frame, as it is: there is nothing to remember, and most are sent so.
[[gnu::flatten]] Status MessageWriter::write_whole(const Piece& piece, base::Buffer& out) {
  if (piece.opcode == Opcode::text && !piece.known_utf8 && !base::is_utf8(piece.payload)) return Status::bad_utf8;
  if (!has_room(out, piece.payload.size(), control_reserve)) return Status::output_full;
  FrameHeader header;
  header.opcode = piece.opcode;
  write_frame(header, piece.payload, out);
  return Status::ok;
}

Status MessageWriter::write_part(const Piece& piece, base::Buffer& out) {
  const bool first = piece.opcode != Opcode::continuation;
  if (first == in_message_) return Status::wrong_order;
  const Opcode type = first ? piece.opcode : message_type_;
  base::Utf8Validator utf8 = first ? base::Utf8Validator() : utf8_;
  if (type == Opcode::text && !piece.known_utf8) {
    if (!utf8.receive(piece.payload) || (piece.finished && !utf8.complete())) return Status::bad_utf8;
  }
  const std::size_t bound = chain_.empty() ? piece.payload.size() : encoded_bound(piece.payload.size());
  if (!has_room(out, bound, control_reserve)) return Status::output_full;

  FrameHeader header;
  header.opcode = piece.opcode;
  header.fin = piece.finished;
  base::Bytes payload = piece.payload;
  if (!chain_.empty()) {
    const auto encoded = chain_.encode({type, 0, first, piece.finished}, piece.compress, payload, header.rsv);
    if (!encoded || encoded->size() > bound) return Status::output_full;
    payload = *encoded;
  }
  write_frame(header, payload, out);
  in_message_ = !piece.finished;
  if (in_message_) {  // what only the rest of a message needs
    message_type_ = type;
    message_bytes_ = (first ? 0 : message_bytes_) + piece.payload.size();
    utf8_ = utf8;
  }
  return Status::ok;
}

Status MessageWriter::write_control(Opcode opcode, base::Bytes payload, base::Buffer& out) {
  if (payload.size() > max_control_payload) return Status::too_long;
  const std::size_t reserve = opcode == Opcode::close ? 0 : max_frame_header + max_control_payload;
  if (!has_room(out, payload.size(), reserve)) return Status::output_full;
  FrameHeader header;
  header.opcode = opcode;
  write_frame(header, payload, out);
  return Status::ok;
}

Status MessageWriter::write_close(CloseCode code, std::string_view reason, base::Buffer& out) {
  if (code == close_code::no_status) {
    return reason.empty() ? write_control(Opcode::close, {}, out) : Status::bad_code;
  }
  if (!code.may_appear_in_frame()) return Status::bad_code;
  const base::Bytes text = base::as_bytes(reason);
  if (!base::is_utf8(text)) return Status::bad_utf8;
  std::array<std::byte, max_control_payload> payload;
  if (reason.size() > payload.size() - 2) return Status::too_long;
  base::store_big_endian(payload.data(), code.value);
  std::copy(text.begin(), text.end(), payload.begin() + 2);
  return write_control(Opcode::close, base::Bytes(payload).first(2 + reason.size()), out);
}

void MessageWriter::write_frame(FrameHeader& header, base::Bytes payload, base::Buffer& out) {
  header.length = payload.size();
  MaskKey key{};
  if (role_ == Role::client) {
    random_.fill(key);
    header.mask = key;
  }
  const base::MutableBytes room = out.prepare(max_frame_header + payload.size());
  const std::size_t header_size = write_frame_header(header, room.data());
  std::byte* to = room.data() + header_size;
  if (header.mask) {
    copy_masked(payload, to, key);
  } else if (!payload.empty()) {
    std::memcpy(to, payload.data(), payload.size());
  }
  out.commit(header_size + payload.size());
}

}  // namespace wscope::ws
