// What of an input is on the screen, and how to make it something else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "term/layout.h"

namespace wscope::term {

/// The rows of an input on a screen, with the terminal's cursor on one of them. Every function returns or appends bytes
/// for the terminal, which move its cursor relative to where it is: what is above these rows is nobody's business here.
class Painting {
 public:
  enum class Erasing : unsigned char {
    tails,  ///< of rows, behind what stays
    rows,  ///< whole: for a terminal that takes what was erased behind a row's text for a part of the row when it wraps
           ///< rows anew (seen with tmux 3.3a)
  };

  /// What is to be seen. `below` are lines that are cut off at the width.
  struct Input {
    std::string_view prompt;
    std::string_view text;
    std::size_t cursor = 0;
    std::string_view below;
  };

  explicit Painting(Erasing erasing = Erasing::tails) noexcept : erasing_(erasing) {}

  /// Makes it `input` in at most `most_rows` rows of `columns`. Only what differs is painted; whether anything had to
  /// be erased for that, so that it should be a synchronised update.
  bool paint(const Input& input, unsigned columns, unsigned most_rows, std::string& out);
  /// Leaves an empty row, and the cursor at its beginning.
  void erase(std::string& out);
  /// Goes below the last row.
  void leave(std::string_view tail, std::string& out);
  /// The screen has nothing of it any more.
  void forget() noexcept;

  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }
  [[nodiscard]] Layout::Place cursor() const noexcept { return at_; }
  /// Whether it is one row that has room in `columns` still.
  [[nodiscard]] bool is_one_row_in(unsigned columns) const noexcept;
  /// Where the cursor is once a terminal has wrapped the rows anew for `columns`. The column is `columns` if the next
  /// character would begin a row: some terminals then are on that row already.
  [[nodiscard]] Layout::Place reflowed_cursor(unsigned columns) const noexcept;
  /// How many rows the first `count` are then.
  [[nodiscard]] std::size_t reflowed_rows(std::size_t count, unsigned columns) const noexcept;

 private:
  enum class End : unsigned char {
    wrap,  ///< the terminal wraps when the next row is printed
    line,  ///< CR LF
    last,
  };
  struct PaintedRow {
    Row row{};
    End end = End::last;
  };
  // A cell of rows_, and its column.
  struct Position {
    std::size_t row = 0;
    std::size_t cell = 0;
    unsigned column = 0;
  };

  void choose_window(std::size_t cursor_row, unsigned most_rows);
  void append_below(std::string_view below, unsigned columns, unsigned most_rows, std::vector<PaintedRow>& rows) const;
  [[nodiscard]] static Position difference(const std::vector<PaintedRow>& old, const std::vector<PaintedRow>& wanted,
                                           unsigned columns) noexcept;
  [[nodiscard]] Position where_to_erase(Position from, const std::vector<PaintedRow>& wanted) const noexcept;
  void move_to(Layout::Place place, std::string& out);
  void erase_from_cursor(std::string& out) const;
  void write_from(Position from, unsigned columns, std::string& out);
  static void write_cell(const Row::Cell& cell, unsigned column_behind, std::string& out);

  Erasing erasing_;
  Layout layout_{};
  std::size_t top_ = 0;  // the first row of layout_ that is on the screen
  std::string prompt_{};
  std::vector<PaintedRow> rows_{};
  unsigned columns_ = 0;
  Layout::Place at_{};  // column == columns_: the last column is written, the next character wraps
};

}  // namespace wscope::term
