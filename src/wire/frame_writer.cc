#include "wire/frame_writer.h"

#include <array>
#include <cassert>

namespace wscope::wire {

void append_frame(const Header& header, base::Bytes payload, std::string& out) {
  assert(header.opcode <= 15 && header.rsv <= 7 && has_room(header.form, header.length));
  const ws::FrameHeader written{header.length, header.mask, static_cast<ws::Opcode>(header.opcode), header.rsv,
                                header.fin};
  std::array<std::byte, ws::max_frame_header> bytes;
  const std::size_t size = ws::write_frame_header(written, header.form, bytes.data());
  out += base::as_text(base::Bytes(bytes).first(size));
  const std::size_t begin = out.size();
  out += base::as_text(payload);
  if (!header.mask) return;
  ws::apply_mask(std::as_writable_bytes(std::span(out).subspan(begin)), *header.mask);
}

}  // namespace wscope::wire
