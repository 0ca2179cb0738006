// What editing keys do to words, in both keymaps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "term/editing.h"

namespace wscope::term {

/// The arguments of a line: bounded by blanks that are not between quotes (" or '), with their quotes.
[[nodiscard]] std::vector<std::string_view> split_arguments(std::string_view line);
/// The last argument of the entry before, or the one that is given, from 0.
[[nodiscard]] std::optional<std::string> argument_before(const Editing& editing, Count count);

}  // namespace wscope::term

namespace wscope::term::commands {

/// Drags the character before the cursor over the next one; at the end of a line swaps the two before.
EditRequest transpose_characters(Editing& editing, Count count);
/// Drags the word before the cursor over the next one.
EditRequest transpose_words(Editing& editing, Count count);
/// From the cursor to the end of the word; a negative count is about the words before.
EditRequest upper_case_word(Editing& editing, Count count);
EditRequest lower_case_word(Editing& editing, Count count);
EditRequest capitalize_word(Editing& editing, Count count);

/// Inserts the last argument of the entry before (or the one that is given, from 0); again, that of one before it.
EditRequest last_argument(Editing& editing, Count count);
/// Inserts the first argument behind the command of the entry before, or the one that is given.
EditRequest nth_argument(Editing& editing, Count count);

}  // namespace wscope::term::commands
