// A frame as it is on the wire, legal or not (RFC 6455 section 5.2).
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "wire/inflater.h"
#include "ws/frame.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace wscope::wire {

/// All that a header says. Unlike ws::FrameHeader it can be one that no endpoint may send.
struct Header {
  std::uint8_t opcode = 0;  ///< four bits: those of sections 5.5 and 5.6, or reserved ones
  bool fin = true;
  ws::Rsv rsv = 0;                               ///< three bits
  std::optional<ws::MaskKey> mask{};             ///< from whichever side (section 5.1)
  std::uint64_t length = 0;                      ///< of the payload, as it is said
  ws::LengthForm form = ws::LengthForm::bits_7;  ///< how it is said: not always in the shortest form
};

/// A frame that was read.
struct Frame : Header {
  base::Bytes bytes{};                        ///< header and payload as they were on the wire, as far as they were kept
  base::Bytes payload{};                      ///< what of the payload was kept, unmasked
  std::optional<InflatedPayload> inflated{};  ///< if it belongs to a compressed message that could be followed
};

}  // namespace wscope::wire
