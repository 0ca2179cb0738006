#include "term/completion.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "term/cells.h"
#include "term/characters.h"
#include "term/motions.h"

namespace wscope::term {
namespace {

constexpr std::size_t gap = 2;

// The widths of the columns of a table that is filled column by column.
std::vector<std::size_t> column_widths(const std::vector<std::size_t>& widths, std::size_t rows) {
  std::vector<std::size_t> columns;
  for (std::size_t begin = 0; begin < widths.size(); begin += rows) {
    const std::size_t end = std::min(begin + rows, widths.size());
    columns.push_back(*std::max_element(widths.begin() + static_cast<std::ptrdiff_t>(begin),
                                        widths.begin() + static_cast<std::ptrdiff_t>(end)));
  }
  return columns;
}

bool fits(const std::vector<std::size_t>& columns, std::size_t screen) {
  const std::size_t gaps = gap * (columns.size() - 1);
  return columns.size() == 1 || std::accumulate(columns.begin(), columns.end(), gaps) <= screen;
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
  std::vector<std::string> shown;
  std::vector<std::size_t> widths;
  for (const std::string& word : words) {
    shown.push_back(visible(word));
    widths.push_back(width_of(shown.back()));
  }
  // A last column of blanks would wrap in some terminals.
  const std::size_t screen = columns > 1 ? columns - 1 : 1;
  std::size_t height = 1;
  while (!fits(column_widths(widths, height), screen)) ++height;
  const std::vector<std::size_t> table = column_widths(widths, height);
  const bool cut = height > rows;
  const std::size_t lines = cut ? rows - 1 : height;
  std::string text;
  std::size_t printed = 0;
  for (std::size_t row = 0; row < lines; ++row) {
    for (std::size_t column = 0, at = row; at < shown.size(); ++column, at += height) {
      text += shown[at];
      ++printed;
      if (at + height < shown.size()) text.append(table[column] - widths[at] + gap, ' ');
    }
    text += '\n';
  }
  if (cut) text += fmt::format("… {} more\n", words.size() - printed);
  return text;
}

}  // namespace wscope::term
