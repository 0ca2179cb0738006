// What is to be sent, in words.
#pragma once

#include <string>
#include <variant>

#include "unit/ws/bytes.h"
#include "wire/instruction.h"

namespace wscope::test {

/// "text hello", "binary 00ff", "ping x", "close 1000 bye", "close". A piece that does not end its message is marked
/// "+".
inline std::string in_words(const wire::Instruction& instruction) {
  if (const auto* data = std::get_if<ws::Piece>(&instruction)) {
    const std::string payload(base::as_text(data->payload));
    const std::string words = data->opcode == ws::Opcode::text ? "text " + payload : "binary " + hex(payload);
    return data->finished ? words : words + "+";
  }
  if (const auto* ping = std::get_if<wire::SendPing>(&instruction)) {
    return "ping " + std::string(base::as_text(ping->payload));
  }
  if (const auto* pong = std::get_if<wire::SendPong>(&instruction)) {
    return "pong " + std::string(base::as_text(pong->payload));
  }
  const auto& close = std::get<wire::SendClose>(instruction);
  std::string words = "close";
  if (close.code) words += " " + std::to_string(close.code->value) + " ";
  return words += close.reason;
}

}  // namespace wscope::test
