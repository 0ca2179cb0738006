// Base64 (RFC 4648 section 4), strict: padding is required, nothing but the alphabet is accepted, spare bits are zero.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace wscope::base {

[[nodiscard]] std::string base64_encode(Bytes bytes);

/// The bytes that `text` stands for, or nothing if it is not base64.
[[nodiscard]] std::optional<std::vector<std::byte>> base64_decode(std::string_view text);

}  // namespace wscope::base
