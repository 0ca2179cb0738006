#include "wire/stored_instruction.h"

#include <cassert>

namespace wscope::wire {
namespace {

std::string copy_of(base::Bytes bytes) { return std::string(base::as_text(bytes)); }

}  // namespace

Instruction StoredInstruction::instruction() const {
  const base::Bytes bytes = base::as_bytes(payload);
  switch (opcode) {
    case ws::Opcode::ping:
      return SendPing{bytes};
    case ws::Opcode::pong:
      return SendPong{bytes};
    case ws::Opcode::close:
      return SendClose{code, payload};
    default:
      return ws::Piece{.opcode = opcode, .payload = bytes, .known_utf8 = true};
  }
}

StoredInstruction stored(const Instruction& instruction) {
  if (const auto* ping = std::get_if<SendPing>(&instruction)) return {ws::Opcode::ping, copy_of(ping->payload)};
  if (const auto* pong = std::get_if<SendPong>(&instruction)) return {ws::Opcode::pong, copy_of(pong->payload)};
  if (const auto* close = std::get_if<SendClose>(&instruction)) {
    return {ws::Opcode::close, std::string(close->reason), close->code};
  }
  const auto* message = std::get_if<ws::Piece>(&instruction);
  assert(message != nullptr && message->finished);
  return {message->opcode, copy_of(message->payload)};
}

}  // namespace wscope::wire
