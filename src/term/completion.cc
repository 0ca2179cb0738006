#include "term/completion.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "term/cells.h"
#include "term/characters.h"
#include "term/motions.h"

namespace wscope::term {
namespace {

constexpr std::size_t gap = 2;

// A table that is filled column by column.
struct Table {
  std::size_t height = 1;
  std::size_t words = 0;               ///< the first ones, which it has
  std::vector<std::size_t> columns{};  ///< their widths
};

// As many columns as there is room for: one at least.
Table fill(const std::vector<std::size_t>& widths, std::size_t height, std::size_t screen) {
  Table table{.height = height};
  std::size_t used = 0;
  while (table.words < widths.size()) {
    const auto begin = widths.begin() + static_cast<std::ptrdiff_t>(table.words);
    const std::size_t size = std::min(height, widths.size() - table.words);
    const std::size_t width = *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(size));
    if (!table.columns.empty() && used + width > screen) break;
    used += width + gap;
    table.words += size;
    table.columns.push_back(width);
  }
  return table;
}

// The lowest one that has all, or the first ones in a row less: there is one to come that says how many are left.
Table arrange(const std::vector<std::size_t>& widths, std::size_t rows, std::size_t screen) {
  for (std::size_t height = 1; height <= rows; ++height) {
    Table table = fill(widths, height, screen);
    if (table.words == widths.size()) return table;
  }
  return rows > 1 ? fill(widths, rows - 1, screen) : Table{.height = 0};
}

}  // namespace

std::string common_prefix(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  std::string_view prefix = words.front();
  for (const std::string_view word : words) {
    const auto [end, other] = std::mismatch(prefix.begin(), prefix.end(), word.begin(), word.end());
    prefix = prefix.substr(0, static_cast<std::size_t>(end - prefix.begin()));
    // Not half a character: what is common is whole in both.
    while (place_from(word, prefix.size()) != prefix.size() ||
           place_from(words.front(), prefix.size()) != prefix.size()) {
      prefix = prefix.substr(0, previous_place(prefix, prefix.size()));
    }
  }
  return std::string(prefix);
}

std::string in_columns(const std::vector<std::string>& words, unsigned columns, unsigned rows) {
  if (words.empty() || rows == 0) return {};
  // A last column of blanks would wrap in some terminals.
  const std::size_t screen = columns > 1 ? columns - 1 : 1;
  // No more have room, however narrow they are: one that is left over says so.
  const std::size_t most = std::size_t{rows} * (screen / gap + 1) + 1;
  std::vector<std::string> shown;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) {
    shown.push_back(visible(words[i]));
    widths.push_back(width_of(shown.back()));
  }
  const Table table = arrange(widths, rows, screen);
  std::string text;
  for (std::size_t row = 0; row < table.height; ++row) {
    for (std::size_t column = 0, at = row; at < table.words; ++column, at += table.height) {
      text += shown[at];
      if (at + table.height < table.words) text.append(table.columns[column] - widths[at] + gap, ' ');
    }
    text += '\n';
  }
  if (table.words < words.size()) text += fmt::format("… {} more\n", words.size() - table.words);
  return text;
}

}  // namespace wscope::term
