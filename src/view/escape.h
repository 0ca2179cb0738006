// Makes text from outside safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace wscope::view {

enum class LineBreaks : unsigned char { keep, escape };

/// `text` with everything a terminal might act upon written out: control characters (C0 and C1, DEL) and bytes that are
/// not UTF-8 as \x1b, characters that change the direction of text, or that nobody sees, as \u{202e}. Tabs stay; line
/// feeds if asked.
[[nodiscard]] std::string escape(std::string_view text, LineBreaks breaks = LineBreaks::escape);

}  // namespace wscope::view
