// What may be told to be sent: one vocabulary for stdin, for scripts and for what is typed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "wire/frame.h"
#include "ws/close_code.h"
#include "ws/message_writer.h"

namespace wscope::wire {

// What is referred to lives as long as the instruction.

/// A text as a message in fragments of `size` bytes, at least 1; the last one may be shorter.
struct SendFragments {
  base::Bytes text;  ///< UTF-8
  std::size_t size;
};
struct SendPing {
  base::Bytes payload;
};
struct SendPong {
  base::Bytes payload;
};
/// Without a code there is no reason.
struct SendClose {
  std::optional<ws::CloseCode> code;
  std::string_view reason;
};
/// Any frame, legal or not.
struct SendFrame {
  Header header;
  bool masked_by_role = true;  ///< as the endpoint that sends it has to: header.mask is not looked at
  base::Bytes payload;
};
/// What need not be a frame.
struct SendBytes {
  base::Bytes bytes;
};

/// A ws::Piece is a message, or a piece of one.
using Instruction = std::variant<ws::Piece, SendFragments, SendPing, SendPong, SendClose, SendFrame, SendBytes>;

}  // namespace wscope::wire
