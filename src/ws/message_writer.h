// From messages to bytes: order, UTF-8, extensions, masks and frames of everything sent.
#pragma once

#include <cassert>
#include <cstdint>

#include "base/buffer.h"
#include "base/random.h"
#include "base/utf8.h"
#include "ws/close_code.h"
#include "ws/extension.h"
#include "ws/frame.h"
#include "ws/status.h"

namespace wscope::ws {

/// One data frame to be sent.
struct Piece {
  Opcode opcode = Opcode::text;  ///< text or binary begin a message, continuation continues it
  base::Bytes payload{};
  bool finished = true;     ///< the message ends with it
  bool compress = true;     ///< on the first piece: let extensions transform the message
  bool known_utf8 = false;  ///< every piece of this text was validated before (an echo); otherwise it is here
};

/// Room in the output buffer that data leaves to control frames, so that a Close can always be written.
inline constexpr std::size_t control_reserve = 8 * (max_frame_header + max_control_payload);

/// Writes frames to an output buffer, masked as a client must.
class MessageWriter {
 public:
  /// `random` and `chain` outlive the writer.
  MessageWriter(Role role, base::RandomSource& random, ExtensionChain& chain) noexcept
      : random_(random), chain_(chain), role_(role) {}

  [[nodiscard]] Status write(const Piece& piece, base::Buffer& out) {
    assert(!is_control(piece.opcode));
    const bool whole = piece.finished && piece.opcode != Opcode::continuation && !in_message_ && chain_.empty();
    return whole ? write_whole(piece, out) : write_part(piece, out);
  }
  [[nodiscard]] Status write_control(Opcode opcode, base::Bytes payload, base::Buffer& out);
  /// A Close frame; an empty one for close_code::no_status.
  [[nodiscard]] Status write_close(CloseCode code, std::string_view reason, base::Buffer& out);

  /// Whether a fragmented message has been begun and not finished.
  [[nodiscard]] bool in_message() const noexcept { return in_message_; }
  /// And then, of which type it is, and how much of it was written.
  [[nodiscard]] Opcode message_type() const noexcept { return message_type_; }
  [[nodiscard]] std::uint64_t message_bytes() const noexcept { return message_bytes_; }

 private:
  [[nodiscard]] Status write_whole(const Piece& piece, base::Buffer& out);
  [[nodiscard]] Status write_part(const Piece& piece, base::Buffer& out);
  void write_frame(FrameHeader& header, base::Bytes payload, base::Buffer& out);

  base::RandomSource& random_;
  ExtensionChain& chain_;
  base::Utf8Validator utf8_;
  Role role_;
  Opcode message_type_ = Opcode::text;
  bool in_message_ = false;
  std::uint64_t message_bytes_ = 0;  // of a message in more than one piece, before extensions
};

}  // namespace wscope::ws
