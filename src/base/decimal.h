// Numbers with a fraction, as people type them.
#pragma once

#include <optional>
#include <string_view>

namespace wscope::base {

/// A number in decimal, "-1.5" or "2e3"; nothing if it is none, or too large or small for a double.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

}  // namespace wscope::base
