// A message or a control frame that is to be sent later, perhaps again and again.
#pragma once

#include <optional>
#include <string>

#include "wire/instruction.h"

namespace wscope::wire {

/// Has what an Instruction only refers to.
struct StoredInstruction {
  ws::Opcode opcode = ws::Opcode::text;  ///< text, binary, ping, pong or close
  std::string payload{};                 ///< of a text: UTF-8; of a Close: its reason
  std::optional<ws::CloseCode> code{};   ///< of a Close, without which there is no reason

  bool operator==(const StoredInstruction&) const = default;

  /// As long as this lives and does not change.
  [[nodiscard]] Instruction instruction() const;
};

/// Of a whole message, a Ping, a Pong or a Close, and no other instruction.
[[nodiscard]] StoredInstruction stored(const Instruction& instruction);

}  // namespace wscope::wire
