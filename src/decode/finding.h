// What is wrong with a stream of frames.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ws/close_code.h"
#include "ws/violation.h"

namespace wscope::decode {

/// A violation of the protocol.
struct Finding {
  std::string_view section{};  ///< that forbids it: "RFC 6455 5.5"; static storage
  std::string message{};       ///< what was seen, safe for a terminal, UTF-8
  std::uint64_t offset = 0;    ///< of the byte that shows it, as whoever gave the bytes counts
  std::uint64_t size = 1;      ///< that many bytes do
};

/// The section that forbids it. `code` is that of the Close, if it is about one; `deflates`: permessage-deflate was
/// agreed on, which has rules of its own for reserved bits.
[[nodiscard]] std::string_view section_of(ws::Violation violation, ws::CloseCode code, bool deflates) noexcept;

/// That of data behind a Close, which is no ws::Violation: a connection does not read on.
inline constexpr std::string_view section_of_data_behind_close = "RFC 6455 5.5.1";

}  // namespace wscope::decode
