#include "term/first_row.h"

#include <algorithm>

namespace wscope::term {

void FirstRow::forget() noexcept {
  at_least_ = 1;
  is_exact_ = false;
}

void FirstRow::set(unsigned row) noexcept {
  at_least_ = row;
  is_exact_ = true;
}

void FirstRow::print(std::size_t lines, unsigned screen_rows) noexcept {
  if (lines == 0) return;
  leave(lines, screen_rows);
  is_exact_ = at_least_ == screen_rows;
}

void FirstRow::show(std::size_t rows, unsigned screen_rows) noexcept {
  const auto taken = static_cast<unsigned>(std::clamp<std::size_t>(rows, 1, screen_rows));
  const unsigned lowest = screen_rows - taken + 1;
  if (at_least_ >= lowest) set(lowest);
}

void FirstRow::leave(std::size_t rows, unsigned screen_rows) noexcept {
  at_least_ = static_cast<unsigned>(std::min<std::size_t>(at_least_ + rows, screen_rows));
  is_exact_ = is_exact_ || at_least_ == screen_rows;
  printed_ += rows;
}

std::optional<unsigned> FirstRow::row() const noexcept {
  if (!is_exact_) return std::nullopt;
  return at_least_;
}

}  // namespace wscope::term
