// What a terminal makes of the bytes it gets: as much of one as the prompt needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "term/cells.h"

namespace wscope::test {

class Screen {
 public:
  /// What terminals do differently.
  struct Ways {
    bool reflows = true;          ///< wraps rows anew when it is resized
    bool waits_at_margin = true;  ///< a cursor that reflowing puts behind the last column stays there
    bool is_tmux = false;         ///< takes rows from below the cursor only if it has fewer of them now
    bool loses_cursor = false;    ///< it goes some rows up when the size changes, or into the corner
  };

  Screen(unsigned rows, unsigned columns) : Screen(rows, columns, Ways{}) {}
  Screen(unsigned rows, unsigned columns, Ways ways) : ways_(ways), rows_(rows), columns_(columns), lines_(rows) {}

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t escape = term::escape_sequence_size(bytes);
      const std::size_t size = escape > 0 ? escape : character_size(bytes);
      escape > 0 ? obey(bytes.substr(0, size)) : put(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
  }

  void resize(unsigned rows, unsigned columns) {
    for (unsigned fewer = rows_; ways_.is_tmux && fewer > rows && lines_.size() > top_ + row_ + 1; --fewer) {
      lines_.pop_back();
    }
    if (ways_.reflows) {
      reflow(columns);
    } else {
      for (Line& line : lines_) line.cells.resize(std::min<std::size_t>(line.cells.size(), columns));
      column_ = std::min(column_, columns - 1);
    }
    rows_ = rows;
    columns_ = columns;
    const std::size_t cursor = top_ + row_;
    while (!ways_.is_tmux && lines_.size() > rows && lines_.size() > cursor + 1 && lines_.back().cells.empty()) {
      lines_.pop_back();
    }
    const std::size_t highest = ways_.reflows ? lines_.size() - std::min<std::size_t>(lines_.size(), rows) : top_;
    top_ = std::min(cursor, std::max(highest, cursor + 1 - std::min<std::size_t>(cursor + 1, rows)));
    row_ = static_cast<unsigned>(cursor - top_);
    lines_.resize(top_ + rows);
    if (ways_.loses_cursor) lose_cursor();
  }

  /// Rows with what they show, from the first in the scrollback to the last that shows anything.
  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> rows;
    for (const Line& line : lines_) rows.push_back(text(line));
    while (!rows.empty() && rows.back().empty()) rows.pop_back();
    return rows;
  }
  /// Where the cursor is, from the beginning of the scrollback.
  [[nodiscard]] std::size_t cursor_line() const noexcept { return top_ + row_; }
  [[nodiscard]] unsigned row() const noexcept { return row_; }
  [[nodiscard]] unsigned column() const noexcept { return column_; }
  [[nodiscard]] unsigned beeps() const noexcept { return beeps_; }
  /// Whether somebody has asked for the cursor since the last call.
  [[nodiscard]] bool take_question() noexcept { return std::exchange(asked_, false); }

 private:
  struct Cell {
    std::string text{};      // empty: nothing was written
    bool is_second = false;  // of a wide character
  };
  struct Line {
    std::vector<Cell> cells{};
    bool wraps = false;
  };

  static std::size_t character_size(std::string_view text) noexcept {
    std::size_t size = 1;
    if (static_cast<unsigned char>(text[0]) >= 0xc0) {
      while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    }
    return size;
  }

  static std::string text(const Line& line) {
    std::string shown;
    for (const Cell& cell : line.cells) {
      if (!cell.is_second) shown += cell.text.empty() ? " " : cell.text;
    }
    while (shown.ends_with(' ')) shown.pop_back();
    return shown;
  }

  [[nodiscard]] Line& line() { return lines_[top_ + row_]; }

  void line_feed() {
    if (row_ + 1 < rows_) {
      ++row_;
    } else {
      ++top_;
      lines_.emplace_back();
    }
  }

  void put(std::string_view character) {
    switch (character[0]) {
      case '\r':
        column_ = 0;
        return;
      case '\n':
        if (ways_.is_tmux) line().wraps = false;
        line_feed();
        return;
      case '\b':
        column_ -= std::min(column_, 1U);
        return;
      case '\a':
        ++beeps_;
        return;
      default:
        break;
    }
    const unsigned width = term::first_cluster(character).width;
    if (width == 0) return combine(character);
    if (column_ + width > columns_) {
      if (!wraps_) return;
      line().wraps = true;
      line_feed();
      column_ = 0;
    }
    auto& cells = line().cells;
    cells.resize(std::max<std::size_t>(cells.size(), column_ + width));
    for (unsigned i = 0; i < width; ++i) clear_cell(cells, column_ + i);
    cells[column_].text = character;
    if (width == 2) cells[column_ + 1].is_second = true;
    column_ += width;
    if (!wraps_) column_ = std::min(column_, columns_ - 1);
  }

  void combine(std::string_view character) {
    auto& cells = line().cells;
    unsigned at = column_;
    while (at > 0 && (at > cells.size() || cells[at - 1].is_second)) --at;
    if (at > 0) cells[at - 1].text += character;
  }

  // Half of a wide character cannot stay.
  static void clear_cell(std::vector<Cell>& cells, std::size_t at) {
    if (cells[at].is_second) cells[at - 1] = {" "};
    if (at + 1 < cells.size() && cells[at + 1].is_second) cells[at + 1] = {" "};
    cells[at] = {};
  }

  // tmux keeps what is behind the cursor as blanks, which wrap, unless that is the whole row; that is then no longer
  // joined with the row before it. Only a line feed ends the row itself.
  void erase_line_in_tmux(std::size_t column) {
    auto& cells = line().cells;
    if (column == 0) {
      line() = {};
      if (top_ + row_ > 0) lines_[top_ + row_ - 1].wraps = false;
    }
    while (column < cells.size()) clear_cell(cells, column++);
  }

  void erase_line_from(std::size_t column) {
    if (ways_.is_tmux) return erase_line_in_tmux(column);
    auto& cells = line().cells;
    if (column < cells.size()) {
      clear_cell(cells, column);
      cells.resize(column);
    }
    line().wraps = false;
  }

  void obey(std::string_view sequence) {
    if (sequence ==
        "\x1b"
        "7")
      saved_ = {row_, column_};
    if (sequence ==
        "\x1b"
        "8")
      std::tie(row_, column_) = saved_;
    if (sequence.size() < 3 || sequence[1] != '[') return;
    const std::string inside(sequence.substr(2, sequence.size() - 3));
    const unsigned number = static_cast<unsigned>(std::atoi(inside.c_str()));
    const unsigned by = std::max(number, 1U);
    const unsigned column = std::min(column_, columns_ - 1);
    switch (sequence.back()) {
      case 'A':
        row_ -= std::min(row_, by);
        break;
      case 'B':
        row_ = std::min(row_ + by, rows_ - 1);
        break;
      case 'C':
        column_ = std::min(column + by, columns_ - 1);
        break;
      case 'D':
        column_ = column - std::min(column, by);
        break;
      case 'G':
        column_ = std::min(by, columns_) - 1;
        break;
      case 'H':
        row_ = std::min(by, rows_) - 1;
        column_ = 0;
        break;
      case 'K':
        erase_line_from(column);
        break;
      case 'J':
        erase_screen(number == 2, column);
        break;
      case 'n':
        asked_ = true;
        break;
      case 'h':
      case 'l':
        if (inside == "?7") wraps_ = sequence.back() == 'h';
        break;
      default:
        break;
    }
  }

  // As tmux does, a screen that is erased from its beginning goes to the scrollback.
  void erase_screen(bool whole, unsigned column) {
    if (whole || (row_ == 0 && column == 0)) {
      top_ = lines_.size();
      lines_.resize(top_ + rows_);
      return;
    }
    erase_line_from(column);
    for (std::size_t i = top_ + row_ + 1; i < lines_.size(); ++i) lines_[i] = {};
  }

  void reflow(unsigned columns) {
    std::vector<Line> old = std::exchange(lines_, {});
    const std::size_t cursor = top_ + row_;
    lines_.emplace_back();
    for (std::size_t i = 0; i < old.size(); ++i) {
      for (std::size_t at = 0; at < old[i].cells.size(); ++at) {
        const unsigned width = at + 1 < old[i].cells.size() && old[i].cells[at + 1].is_second ? 2 : 1;
        if (lines_.back().cells.size() + width > columns) {
          lines_.back().wraps = true;
          lines_.emplace_back();
        }
        if (i == cursor && at <= column_ && column_ < at + width) place_cursor();
        for (unsigned part = 0; part < width; ++part) lines_.back().cells.push_back(old[i].cells[at + part]);
        at += width - 1;
      }
      if (i == cursor && column_ >= old[i].cells.size()) {
        const auto beyond = static_cast<unsigned>(column_ - old[i].cells.size());
        place_cursor();
        found_.second = std::min(found_.second + beyond, columns);
        const bool is_at_margin = found_.second == columns && !ways_.waits_at_margin && !old[i].wraps;
        if (is_at_margin) {
          lines_.back().wraps = true;
          lines_.emplace_back();
          place_cursor();
        }
      }
      if (!old[i].wraps && i + 1 < old.size()) lines_.emplace_back();
    }
    top_ = 0;
    row_ = static_cast<unsigned>(found_.first);
    column_ = found_.second;
  }
  void lose_cursor() {
    ++lost_;
    row_ -= std::min(row_, lost_ % 4);
    if (lost_ % 5 == 0) row_ = column_ = 0;
  }
  void place_cursor() { found_ = {lines_.size() - 1, static_cast<unsigned>(lines_.back().cells.size())}; }

  Ways ways_;
  unsigned rows_;
  unsigned columns_;
  std::vector<Line> lines_;  // the scrollback and the screen
  std::size_t top_ = 0;      // of the screen
  unsigned row_ = 0;
  unsigned column_ = 0;  // columns_: the next character wraps
  std::pair<unsigned, unsigned> saved_{};
  std::pair<std::size_t, unsigned> found_{};
  bool wraps_ = true;
  bool asked_ = false;
  unsigned beeps_ = 0;
  unsigned lost_ = 0;  // so often
};

}  // namespace wscope::test
