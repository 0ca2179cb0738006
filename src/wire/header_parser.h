// Reads the header of any frame, legal or not (RFC 6455 section 5.2).
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "wire/frame.h"

namespace wscope::wire {

/// How many bytes the header has that these begin, as far as they tell: with fewer than two bytes that is 2.
[[nodiscard]] std::size_t header_size(base::Bytes bytes) noexcept;

/// What the header at the front of `bytes` says, which has all header_size() bytes of it.
[[nodiscard]] Header parse_header(base::Bytes bytes) noexcept;

}  // namespace wscope::wire
