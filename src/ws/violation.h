// Everything a peer can do wrong on an open connection, and the close code that answers it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ws/close_code.h"
#include "ws/opcode.h"

namespace wscope::ws {

/// Why the WebSocket connection is failed (RFC 6455 section 7.1.7).
enum class Violation : std::uint8_t {
  reserved_opcode,
  reserved_bits,            ///< an RSV bit that no agreed extension uses here
  http_response,            ///< from a server, where a frame should begin
  http_request,             ///< from a client, where a frame should begin
  tls_record,               ///< a TLS record where a frame should begin
  fragmented_control,       ///< a control frame without FIN
  control_too_long,         ///< a control frame of more than 125 bytes
  masked_frame,             ///< from a server
  unmasked_frame,           ///< from a client
  length_not_minimal,       ///< a longer form of the length than needed
  length_too_large,         ///< the most significant bit of a 64-bit length is set
  unexpected_continuation,  ///< no message to continue
  expected_continuation,    ///< a new message inside a fragmented one
  close_too_short,          ///< a Close payload of one byte
  close_code_invalid,       ///< a code that may not travel
  close_reason_not_utf8,
  text_not_utf8,
  frame_too_big,      ///< over Limits::frame
  message_too_big,    ///< over Limits::message, or inflated too far (Limits::inflate_ratio)
  inflate_failed,     ///< not a DEFLATE stream, or one that reaches back beyond the agreed window
  inflate_truncated,  ///< a compressed message that ends inside a DEFLATE block
  extension_failed,   ///< an extension of the caller's own refused the payload
  too_much_held,      ///< the budget for messages that are held does not allow another one
  ping_timeout,       ///< nothing came for Options::ping_timeout after a Ping
};

/// What a violation was seen by: as far as it applies, the rest is zero. It does not depend on how the bytes arrived.
struct Evidence {
  std::uint64_t size = 0;    ///< bytes of the payload, frame or message; for one that is compressed, on the wire so far
  std::uint64_t limit = 0;   ///< that `size`, or what it inflates to, exceeds
  std::uint64_t offset = 0;  ///< of `bytes` in the text or in the reason
  std::array<std::byte, 4> bytes{};
  std::uint8_t byte_count = 0;  ///< how many of `bytes`: those that are not UTF-8
  bool cut = false;             ///< the text ends behind them, inside a character
  bool compressed = false;
  bool fragmented = false;  ///< more of the message may follow
  std::uint8_t opcode = 0;  ///< of the frame, four bits
  Rsv rsv = 0;              ///< of the frame
  CloseCode code;           ///< of the peer's Close
};

/// The code that the Close frame of _Fail the WebSocket Connection_ carries.
[[nodiscard]] CloseCode close_code_for(Violation violation) noexcept;

/// A few words, fit for a close reason and for a person; static storage.
[[nodiscard]] std::string_view describe(Violation violation) noexcept;

}  // namespace wscope::ws
