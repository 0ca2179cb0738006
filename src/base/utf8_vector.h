// UTF-8 judged by the block of 32 bytes, on machines that can (x86 with AVX2).
#pragma once

#include "base/bytes.h"

namespace wscope::base {

/// Whether this machine has the instructions for is_utf8_by_vector().
[[nodiscard]] bool has_utf8_vector() noexcept;

/// Whether the whole of `text` is valid UTF-8 (RFC 3629). Only where has_utf8_vector(); worth it from some 64 bytes on.
[[nodiscard]] bool is_utf8_by_vector(Bytes text) noexcept;

}  // namespace wscope::base
