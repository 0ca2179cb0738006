// Completing words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::term {

/// What a Tab can become.
struct Completions {
  std::size_t begin = 0;             ///< of the word that is completed, to the cursor
  std::vector<std::string> words{};  ///< whole words that may stand there, sorted, none twice
  bool final = true;                 ///< a space follows a word that is the only one, unless it ends with '/'
};

/// The longest beginning that all have.
[[nodiscard]] std::string common_prefix(const std::vector<std::string>& words);

/// The words in columns, as ls shows them, on a screen of `columns`. If they need more than `rows` rows, the first ones
/// that have room, and "… N more" in the last row.
[[nodiscard]] std::string in_columns(const std::vector<std::string>& words, unsigned columns, unsigned rows);

}  // namespace wscope::term
