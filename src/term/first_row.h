// Where on the screen an input begins, as far as that is known without asking the terminal.
#pragma once

#include <cstddef>
#include <optional>

namespace wscope::term {

/// Rows are counted from 1. What is printed fills the screen from wherever it began to its last row, and from then on
/// the row is known.
class FirstRow {
 public:
  /// It may be any row.
  void forget() noexcept;
  void set(unsigned row) noexcept;
  /// So many lines were printed there, each of which may have taken several rows.
  void print(std::size_t lines, unsigned screen_rows) noexcept;
  /// The input takes so many rows of the screen.
  void show(std::size_t rows, unsigned screen_rows) noexcept;
  /// The input stays, and another one begins so many rows below.
  void leave(std::size_t rows, unsigned screen_rows) noexcept;

  [[nodiscard]] std::optional<unsigned> row() const noexcept;
  /// All that were: so much is in the scrollback or on the screen, at least.
  [[nodiscard]] std::size_t printed() const noexcept { return printed_; }

 private:
  unsigned at_least_ = 1;
  bool is_exact_ = false;
  std::size_t printed_ = 0;
};

}  // namespace wscope::term
