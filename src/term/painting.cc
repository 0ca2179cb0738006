#include "term/painting.h"

#include <algorithm>

#include <fmt/format.h>

namespace wscope::term {
namespace {

void move(std::size_t by, char direction, std::string& out) {
  if (by == 1) out += fmt::format("\x1b[{}", direction);
  if (by > 1) out += fmt::format("\x1b[{}{}", by, direction);
}

}  // namespace

// What is on the screen is compared with what is wanted, and only the rest behind the first difference is written: a
// key typed at the end of a long line costs a few bytes, and nothing flickers on a slow connection.
bool Painting::paint(const Input& input, unsigned columns, unsigned most_rows, std::string& out) {
  layout_.set(input.prompt, input.text, columns);
  const Layout::Place cursor = layout_.place_of(input.cursor);
  const std::size_t old_top = top_;
  choose_window(cursor.row, most_rows);

  std::vector<PaintedRow> wanted;
  while (wanted.size() < most_rows && layout_.has_row(top_ + wanted.size())) {
    wanted.push_back({layout_.row(top_ + wanted.size())});
  }
  append_below(input.below, columns, most_rows, wanted);
  for (std::size_t i = 0; i + 1 < wanted.size(); ++i) {
    const Row& row = wanted[i].row;
    const Row& next = wanted[i + 1].row;
    // Where terminals disagree about a cluster they may about where its row ends.
    const bool agreed = row.cells.empty() || (row.cells.back().agreed && (next.cells.empty() || next.cells[0].agreed));
    wanted[i].end = row.wraps && agreed ? End::wrap : End::line;
  }

  const bool is_other = columns != columns_ || old_top != top_ || input.prompt != prompt_;
  Position from = is_other ? Position{} : difference(rows_, wanted, columns);
  const bool same = from.row == wanted.size() && rows_.size() == wanted.size();
  bool erased = false;
  columns_ = columns;
  prompt_ = input.prompt;
  if (!same) {
    erased = from.row + 1 < rows_.size() || (from.row < rows_.size() && from.column < rows_[from.row].row.width);
    if (erased) from = where_to_erase(from, wanted);
    if (!rows_.empty()) move_to({from.row, from.column}, out);
    if (erased) erase_from_cursor(out);
    rows_ = std::move(wanted);
    write_from(from, columns, out);
  }
  move_to({cursor.row - top_, cursor.column}, out);
  return erased;
}

// Moves the window no farther than it must to have the cursor in it, and leaves no room unused.
void Painting::choose_window(std::size_t cursor_row, unsigned most_rows) {
  top_ = std::min(top_, cursor_row);
  if (cursor_row - top_ >= most_rows) top_ = cursor_row - most_rows + 1;
  while (top_ > 0 && !layout_.has_row(top_ + most_rows - 1)) --top_;
}

void Painting::append_below(std::string_view below, unsigned columns, unsigned most_rows,
                            std::vector<PaintedRow>& rows) const {
  Layout line;
  while (!below.empty() && rows.size() < most_rows) {
    const std::size_t size = below.find('\n');
    line.set(below.substr(0, size), {}, columns);
    rows.push_back({line.row(0)});
    rows.back().row.wraps = false;
    below.remove_prefix(size == std::string_view::npos ? below.size() : size + 1);
  }
}

// The position from which on `old` is not what is wanted, where it can be printed: never behind a full row.
Painting::Position Painting::difference(const std::vector<PaintedRow>& old, const std::vector<PaintedRow>& wanted,
                                        unsigned columns) noexcept {
  Position at;
  for (; at.row < old.size() && at.row < wanted.size(); ++at.row) {
    const Row& before = old[at.row].row;
    const Row& after = wanted[at.row].row;
    const auto [a, b] = std::mismatch(before.cells.begin(), before.cells.end(), after.cells.begin(), after.cells.end());
    const bool same = a == before.cells.end() && b == after.cells.end() && old[at.row].end == wanted[at.row].end;
    if (same) continue;
    at.cell = static_cast<std::size_t>(b - after.cells.begin());
    for (std::size_t i = 0; i < at.cell; ++i) at.column += after.cells[i].width;
    if (at.column == columns) at.column -= after.cells[--at.cell].width;
    return at;
  }
  return at;
}

// The position from which on all is to be erased and painted again. Terminals may no longer join a row with the one
// before it once it was erased from its beginning, so that one has to wrap again.
Painting::Position Painting::where_to_erase(Position from, const std::vector<PaintedRow>& wanted) const noexcept {
  if (erasing_ == Erasing::rows) from = {from.row, 0, 0};
  while (from.column == 0 && from.row > 0 && wanted[from.row - 1].end == End::wrap) {
    const auto& cells = wanted[--from.row].row.cells;
    from.cell = cells.size() - 1;
    from.column = wanted[from.row].row.width - cells.back().width;
  }
  return from;
}

// Relative moves only: where the input stands on the screen is the terminal's to know. Behind a full row the cursor is
// in a place of its own, the pending wrap, from which terminals disagree how far left is; the margin is certain.
void Painting::move_to(Layout::Place place, std::string& out) {
  if (place == at_) return;
  const bool is_behind_last = at_.column >= columns_;
  if (place.row < at_.row) move(at_.row - place.row, 'A', out);
  if (place.row > at_.row) move(place.row - at_.row, 'B', out);
  const bool from_margin = place.column == 0 || is_behind_last;
  if (from_margin && at_.column > 0) out += '\r';
  const unsigned column = from_margin ? 0 : at_.column;
  if (place.column < column) move(column - place.column, 'D', out);
  if (place.column > column) move(place.column - column, 'C', out);
  at_ = place;
}

// Not from the beginning of the screen to its end at once: some terminals take that for a screen to be kept in their
// scrollback. The line feed, which never scrolls here, tells tmux that this row no longer goes on in the next one.
void Painting::erase_from_cursor(std::string& out) const {
  out += "\x1b[K";
  if (at_.row + 1 < rows_.size()) {
    out +=
        "\x1b"
        "7\r\n\x1b[J\x1b"
        "8";
  }
}

// A cluster whose width terminals do not agree on is written without wrapping, and the cursor put where we count it.
void Painting::write_cell(const Row::Cell& cell, unsigned column_behind, std::string& out) {
  if (cell.agreed) {
    out += cell.shown;
  } else {
    out += fmt::format("\x1b[?7l{}\x1b[?7h\x1b[{}G", cell.shown, column_behind + 1);
  }
}

void Painting::write_from(Position from, unsigned columns, std::string& out) {
  for (std::size_t index = from.row; index < rows_.size(); ++index) {
    const auto& [row, end] = rows_[index];
    unsigned column = index == from.row ? from.column : 0;
    for (std::size_t i = index == from.row ? from.cell : 0; i < row.cells.size(); ++i) {
      column += row.cells[i].width;
      write_cell(row.cells[i], column, out);
    }
    at_ = {index, std::min(column, columns)};
    if (end == End::line) out += "\r\n";
    if (end == End::wrap && rows_[index + 1].row.cells.empty()) out += " \r";
  }
}

void Painting::erase(std::string& out) {
  if (rows_.empty()) return;
  move_to({0, 0}, out);
  erase_from_cursor(out);
  forget();
}

void Painting::leave(std::string_view tail, std::string& out) {
  if (rows_.empty()) return;
  move_to({rows_.size() - 1, rows_.back().row.width}, out);
  const bool is_below = rows_.size() > 1 && rows_.back().row.cells.empty() && rows_[rows_.size() - 2].row.wraps;
  if (!tail.empty() || !is_below) out.append(tail).append("\r\n");
  forget();
}

void Painting::forget() noexcept {
  rows_.clear();
  at_ = {};
  top_ = 0;
}

bool Painting::is_one_row_in(unsigned columns) const noexcept {
  return rows_.size() == 1 && rows_[0].row.width < columns;
}

// Where a terminal that wraps rows anew has put the cursor when its width changed: it does not tell.
Layout::Place Painting::reflowed_cursor(unsigned columns) const noexcept {
  Layout::Place place;
  const auto advance = [&](unsigned width) {
    if (place.column + width > columns) place = {place.row + 1, 0};
    place.column += std::min(width, columns);
  };
  for (std::size_t index = 0; index < at_.row; ++index) {
    for (const Row::Cell& cell : rows_[index].row.cells) advance(cell.width);
    if (rows_[index].end != End::wrap) place = {place.row + 1, 0};
  }
  unsigned column = 0;
  for (const Row::Cell& cell : rows_[at_.row].row.cells) {
    if (column >= at_.column) {
      if (place.column + cell.width > columns && cell.width > 1 && place.column < columns) place = {place.row + 1, 0};
      break;
    }
    advance(cell.width);
    column += cell.width;
  }
  return place;
}

std::size_t Painting::reflowed_rows(std::size_t count, unsigned columns) const noexcept {
  std::size_t rows = 0;
  unsigned column = columns;
  for (std::size_t index = 0; index < std::min(count, rows_.size()); ++index) {
    const auto& [row, end] = rows_[index];
    for (const Row::Cell& cell : row.cells) {
      if (column + cell.width > columns) {
        ++rows;
        column = 0;
      }
      column += std::min(cell.width, columns);
    }
    // An empty row at the end of a full one has a blank on it.
    if (row.cells.empty() && column >= columns) ++rows;
    if (end == End::line) column = columns;
  }
  return rows;
}

}  // namespace wscope::term
