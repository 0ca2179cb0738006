// What compressed frames say, for who shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "ws/deflate.h"
#include "ws/extension.h"
#include "ws/opcode.h"
#include "ws/violation.h"

namespace wscope::wire {

/// What a frame of a compressed message says once it is inflated.
struct InflatedPayload {
  ws::Opcode type = ws::Opcode::text;  ///< of the message: text or binary
  std::uint64_t size = 0;              ///< in bytes
  base::Bytes kept;                    ///< the first of them
};

/// Follows the frames that one side sends, with permessage-deflate agreed (RFC 7692), from the first one on: each is
/// inflated as its payload passes, and a bounded part of what it says is kept. Data that cannot be inflated says
/// nothing, and neither does anything behind it.
class Inflater {
 public:
  /// For what `sender` sends. Keeps `kept_bytes` of each frame.
  Inflater(ws::Role sender, const ws::DeflateParameters& agreed, std::size_t kept_bytes);

  /// A frame begins; `opcode` has four bits.
  void begin_frame(std::uint8_t opcode, bool fin, ws::Rsv rsv) noexcept;
  /// The next part of its payload, unmasked. `frame_ends`: it is the last one (and perhaps empty).
  void receive(base::Bytes payload, bool frame_ends);
  struct Step {
    base::Bytes data{};                        ///< of the message, valid until the next call
    bool drained = true;                       ///< the payload is used up and nothing that it says is held back
    std::optional<ws::Violation> violation{};  ///< why it cannot be inflated
  };
  /// The same a bounded part at a time, for whoever looks at the data: takes from the front of `payload`, and is called
  /// until drained.
  [[nodiscard]] Step step(base::Bytes& payload, bool frame_ends);
  /// Behind the last part: what the frame says, if it belongs to a compressed message. Valid until the next frame.
  [[nodiscard]] std::optional<InflatedPayload> result() const noexcept;

 private:
  enum class Message : unsigned char { none, plain, compressed };

  void give_up() noexcept { extension_.reset(); }

  ws::PermessageDeflate deflate_;             // outlives its extension
  std::unique_ptr<ws::Extension> extension_;  // null after an error
  std::size_t kept_bytes_;
  Message message_ = Message::none;     // that is under way
  ws::Opcode type_ = ws::Opcode::text;  // of that message
  bool frame_is_compressed_ = false;    // a part of a compressed message
  bool frame_is_last_ = false;          // of its message
  bool message_has_ended_ = false;      // and what it has left is to go
  std::uint64_t size_ = 0;              // of what the frame says
  std::vector<std::byte> kept_;
};

}  // namespace wscope::wire
