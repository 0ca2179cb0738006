// What a peer may cost at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "http/head_parser.h"

namespace wscope::ws {

/// No limit. (Zero is a limit: nothing but empty messages.)
inline constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

/// All limits are checked before memory is used, and do not depend on how the bytes arrive.
struct Limits {
  http::HeadLimits head;
  std::uint64_t reject_body = std::uint64_t{1} << 20;  ///< bytes of the body of a refusal
  std::size_t early_bytes = std::size_t{64} << 10;  ///< what a server keeps of a client that does not wait for the 101
  std::uint64_t message = std::uint64_t{1} << 20;   ///< bytes of a message once inflated; never of control frames
  std::uint64_t frame = unlimited;                  ///< payload bytes of one data frame on the wire
  std::uint64_t inflate_ratio = unlimited;          ///< inflated bytes for each byte on the wire, once over 64 KiB
  std::size_t output = std::size_t{4} << 20;        ///< bytes waiting to be written
  std::size_t pending_pongs =
      64;  ///< automatic Pongs waiting to be written; beyond them only the latest Ping is answered
};

}  // namespace wscope::ws
