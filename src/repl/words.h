// A line of the REPL in words, as a shell has them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::repl {

/// A word, without the quotes and backslashes that it was typed with.
struct Word {
  std::string text;
  std::size_t begin = 0;  ///< where it begins in the line, quotes included
};

/// Words stand between blanks. '…' keeps everything, "…" everything but \ before " and \, and \ takes the next
/// character as it is. An error, of kind usage, if a quote is not closed.
[[nodiscard]] base::Result<std::vector<Word>> split_words(std::string_view line);

/// The word that `line` ends in, which may be empty or still in quotes.
[[nodiscard]] Word last_word(std::string_view line);

/// `text` typed so that it is one word.
[[nodiscard]] std::string quote_word(std::string_view text);

/// Takes the first word, as it is typed, and the blanks around it off the front of `line`.
[[nodiscard]] std::string_view take_word(std::string_view& line) noexcept;

/// A path as a shell has it: ~/ at its beginning is the home of whoever types it.
[[nodiscard]] std::string expand_home(std::string_view path);

/// A line in an error: in quotes, safe for a terminal, only its beginning if it is long.
[[nodiscard]] std::string quote_beginning(std::string_view line);

}  // namespace wscope::repl
