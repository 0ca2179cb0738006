// Printing text to the standard streams.
#pragma once

#include <string_view>

namespace wscope::app {

/// Writes all of `text` to stdout; false if that is not possible.
[[nodiscard]] bool print_out(std::string_view text) noexcept;

/// Writes `text` to stderr as well as it can be.
void print_error(std::string_view text) noexcept;

}  // namespace wscope::app
