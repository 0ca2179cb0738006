// What the caller of a Connection can do wrong.
#pragma once

#include <cstdint>
#include <string_view>

namespace wscope::ws {

/// The outcome of a call that sends. Unless it is ok, nothing was written and nothing has changed.
enum class [[nodiscard]] Status : std::uint8_t{
    ok,
    wrong_state,  ///< not possible at this stage of the connection
    wrong_order,  ///< a continuation without a message, or a new message inside a fragmented one
    bad_code,     ///< a close code that may not be sent, or a reason without a code
    too_long,     ///< a control payload of more than 125 bytes
    bad_utf8,     ///< text or a close reason that is not UTF-8
    bad_header,   ///< a header name, value, target or subprotocol that must not be sent, or is not on offer
    output_full,  ///< Limits::output would be exceeded: write some of output() first
};

/// The status in words.
[[nodiscard]] constexpr std::string_view describe(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::wrong_state:
      return "not possible in this state of the connection";
    case Status::wrong_order:
      return "out of order in a fragmented message";
    case Status::bad_code:
      return "close code that may not be sent";
    case Status::too_long:
      return "control frame longer than 125 bytes";
    case Status::bad_utf8:
      return "text that is not UTF-8";
    case Status::bad_header:
      return "header that may not be sent";
    case Status::output_full:
      return "output buffer full";
  }
  return "unknown";
}

}  // namespace wscope::ws
