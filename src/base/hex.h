// Hexadecimal digits, as people paste them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace wscope::base {

/// The bytes that `text` stands for: pairs of digits in either case, with white space between bytes if there is any; or
/// nothing if it is not that.
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);

}  // namespace wscope::base
