#include "term/history_lines.h"

#include <algorithm>
#include <utility>

namespace wscope::term {

std::size_t HistoryLines::position() const noexcept { return at_newest_ ? newest() : std::min(position_, newest()); }

std::string_view HistoryLines::line(std::size_t index) const noexcept {
  if (index == position()) return current_.text();
  if (index >= newest()) return new_line_.text();
  const auto found = edited_.find(index);
  return found == edited_.end() ? entry(index) : found->second.text();
}

void HistoryLines::go_to(std::size_t index) {
  if (index == position() || index > newest()) return;
  keep();
  at_newest_ = index == newest();
  position_ = index;
  const auto found = edited_.find(index);
  if (at_newest_) {
    current_ = std::move(new_line_);
  } else if (found != edited_.end()) {
    current_ = std::move(found->second);
    edited_.erase(found);
  } else {
    current_ = LineBuffer(entry(index));
  }
  current_.move_to(current_.text().size());
}

void HistoryLines::keep() {
  current_.end_group();
  if (at_newest_) {
    new_line_ = std::move(current_);
  } else if (current_.changed()) {
    edited_.insert_or_assign(position_, std::move(current_));
  }
}

void HistoryLines::accept() {
  edited_.clear();
  new_line_ = LineBuffer();
  at_newest_ = true;
}

}  // namespace wscope::term
