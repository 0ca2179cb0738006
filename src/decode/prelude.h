// What a stream begins with: frames, a head of HTTP in front of them, or something else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ws/deflate_parameters.h"
#include "ws/opcode.h"

namespace wscope::decode {

enum class Prelude : unsigned char {
  undecided,  ///< it takes more bytes to tell
  frames,
  head,
  tls,
  http2,
};

/// Eight bytes are always enough.
[[nodiscard]] Prelude recognize(base::Bytes begin) noexcept;

/// This is no WebSocket.
struct Foreign {
  std::string what{};  ///< "TLS, which cannot be read", "HTTP response: 200 OK"; safe for a terminal
  std::string hint{};
};

/// Nothing for frames and heads.
[[nodiscard]] std::optional<Foreign> describe_foreign(Prelude prelude);

/// What a head tells of what stands behind it.
struct HeadMeaning {
  std::optional<Foreign> foreign{};  ///< no frames
  bool is_interim = false;           ///< another head
  ws::Role sender = ws::Role::client;
  /// Of a response what was agreed on. A request only offers: then it is what reads everything that can be agreed on
  /// behind that.
  std::optional<ws::DeflateParameters> deflate{};
};
/// `head` has its empty line, unless it was cut off.
[[nodiscard]] HeadMeaning read_meaning(std::string_view head);

}  // namespace wscope::decode
