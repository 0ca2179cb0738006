// The lines that a person goes up and down through while typing one.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>

#include "term/history.h"
#include "term/line_buffer.h"

namespace wscope::term {

/// The entries of a history and behind them a new line. What is edited in any of them is kept; the history itself does
/// not change.
class HistoryLines {
 public:
  /// `history` outlives it. At the new line, which is empty.
  explicit HistoryLines(const History& history) noexcept : history_(&history) {}

  /// The line that is being edited.
  [[nodiscard]] LineBuffer& current() noexcept { return current_; }
  [[nodiscard]] const LineBuffer& current() const noexcept { return current_; }
  /// Which one it is: an index of the history, or newest().
  [[nodiscard]] std::size_t position() const noexcept;
  [[nodiscard]] std::size_t newest() const noexcept { return history_->size(); }
  /// The text of any of them as it is now; valid until something changes.
  [[nodiscard]] std::string_view line(std::size_t index) const noexcept;
  /// The entry as it was typed once, not as it was edited here; `index` < newest().
  [[nodiscard]] std::string_view entry(std::size_t index) const noexcept { return (*history_)[index]; }

  /// Edits another one from now on (at most newest()), with the cursor at its end.
  void go_to(std::size_t index);
  /// The current one becomes the new line; all other edits are forgotten.
  void accept();

 private:
  void keep();

  const History* history_;
  LineBuffer current_;
  LineBuffer new_line_;  // while another one is current
  std::map<std::size_t, LineBuffer> edited_;
  std::size_t position_ = 0;
  bool at_newest_ = true;
};

}  // namespace wscope::term
