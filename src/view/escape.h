// Makes text from outside safe to show on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::view {

enum class LineBreaks : unsigned char { keep, escape };

/// `text` with everything a terminal might act upon written out: control characters (C0 and C1, DEL) and bytes that are
/// not UTF-8 as \x1b, characters that change the direction of text, or that nobody sees, as \u{202e}. Tabs stay; line
/// feeds if asked.
[[nodiscard]] std::string escape(std::string_view text, LineBreaks breaks = LineBreaks::escape);

/// A part of such a text that stands for something else, in order.
struct WrittenOut {
  std::size_t begin;
  std::size_t size;
};
/// The same, which adds those parts: what is in `text` as \x1b already is none.
[[nodiscard]] std::string escape(std::string_view text, LineBreaks breaks, std::vector<WrittenOut>& parts);

}  // namespace wscope::view
