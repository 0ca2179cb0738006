// JSON as a person reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "view/style.h"

namespace wscope::view {

/// `text` with a line for every member and element, indented by two spaces a level (the first 32 of them), without a
/// line feed at its end; {} and [] stay on one line. Nothing if `text` is not one JSON value (RFC 8259) in UTF-8, or is
/// nested deeper than 1024 levels.
///
/// Its tokens are those of `text` in their order: numbers and strings as they are written, members that are repeated
/// too. But it is safe for a terminal: what escape() writes out is written out, and then it is JSON no more. It takes
/// time and memory in proportion to the size of `text`.
[[nodiscard]] std::optional<std::string> pretty_json(std::string_view text, const Style& style = no_colors);

}  // namespace wscope::view
