// The body of a refusal, with its Content-Encoding undone (RFC 9110 section 8.4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace wscope::ws {

/// What `body`, or the beginning of it, says under the codings of a Content-Encoding field, as far as it can be decoded
/// and up to `limit` bytes. Known are gzip, x-gzip, deflate (with zlib's header or without) and identity, at most three
/// of them; nothing for any other.
[[nodiscard]] std::optional<std::string> undo_content_coding(std::string_view codings, base::Bytes body,
                                                             std::size_t limit);

}  // namespace wscope::ws
