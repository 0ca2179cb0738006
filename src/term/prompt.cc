#include "term/prompt.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace wscope::term {
namespace {

constexpr std::string_view begin_update = "\x1b[?2026h";
constexpr std::string_view end_update = "\x1b[?2026l";

// The terminal may be told not to make CR LF of LF.
std::string with_cr(std::string_view lines) {
  std::string out;
  out.reserve(lines.size() + lines.size() / 16);
  while (!lines.empty()) {
    const std::size_t size = std::min(lines.find('\n'), lines.size() - 1) + 1;
    out.append(lines.substr(0, size));
    if (out.back() == '\n') out.insert(out.size() - 1, 1, '\r');
    lines.remove_prefix(size);
  }
  return out;
}

ScreenSize at_least_one(ScreenSize size) noexcept { return {std::max(size.rows, 1U), std::max(size.columns, 1U)}; }

}  // namespace

Prompt::Prompt(ScreenSize size, Abilities abilities) : size_(at_least_one(size)), abilities_(abilities) {}

void Prompt::show(const InputView& view) {
  prompt_ = view.prompt;
  if (prompt_.find('\x1b') != std::string::npos) prompt_ += "\x1b[0m";
  text_ = view.text;
  cursor_ = std::min(view.cursor, text_.size());
  below_ = view.below;
  visible_ = true;
}

void Prompt::print(std::string_view lines) { lines_ += lines; }

void Prompt::leave(std::string_view tail) {
  if (!visible_) return;
  if (phase_ != Phase::steady) end_resize_unanswered();
  cursor_ = text_.size();
  below_.clear();
  update();
  visible_ = false;
  if (is_dumb()) {
    output_.append(tail).append("\r\n");
    dumb_line_.forget();
  } else {
    painting_.leave(tail, output_);
  }
}

void Prompt::hide() {
  visible_ = false;
  if (phase_ == Phase::steady) update();
}

void Prompt::clear_screen() {
  if (phase_ == Phase::steady) update();
  phase_ = Phase::steady;
  if (is_dumb()) return;
  output_ += "\x1b[H\x1b[2J";
  painting_.forget();
}

void Prompt::beep() { output_ += '\a'; }

void Prompt::update() {
  if (is_dumb()) return update_dumb();
  std::string changes;
  bool is_large = !lines_.empty();
  if (!lines_.empty() || !visible_) painting_.erase(changes);
  changes += with_cr(lines_);
  lines_.clear();
  if (visible_) {
    const unsigned most_rows = std::max(size_.rows, 2U) - 1;
    is_large |= painting_.paint({prompt_, text_, cursor_, below_}, size_.columns, most_rows, changes);
  }
  if (is_large && visible_) {
    output_.append(begin_update).append(changes).append(end_update);
  } else {
    output_ += changes;
  }
}

void Prompt::update_dumb() {
  if (!lines_.empty() || !visible_) output_ += dumb_line_.erase();
  output_ += with_cr(without_colours(lines_));
  lines_.clear();
  if (visible_) output_ += dumb_line_.paint(prompt_, text_, cursor_, size_.columns);
}

std::string Prompt::take_output() {
  if (phase_ == Phase::steady) update();
  return std::exchange(output_, {});
}

void Prompt::resize(ScreenSize size, base::TimePoint now) {
  size = at_least_one(size);
  narrowest_ = std::min({phase_ == Phase::steady ? size_.columns : narrowest_, size_.columns, size.columns});
  size_ = size;
  phase_ = Phase::resizing;
  until_ = now + resize_wait;
}

ScreenSize Prompt::size() const noexcept { return size_; }

bool Prompt::holds() const noexcept { return phase_ != Phase::steady; }

std::optional<base::TimePoint> Prompt::deadline() const noexcept {
  if (phase_ == Phase::steady) return std::nullopt;
  return until_;
}

bool Prompt::rows_may_have_moved() const {
  return !is_dumb() && !painting_.empty() && !painting_.is_one_row_in(narrowest_);
}

void Prompt::advance(base::TimePoint now) {
  if (phase_ == Phase::steady || now < until_) return;
  if (phase_ == Phase::asking || !rows_may_have_moved()) return end_resize_unanswered();
  output_ += "\x1b[6n";
  phase_ = Phase::asking;
  until_ = now + report_wait;
}

void Prompt::cursor_report(unsigned row, unsigned column, base::TimePoint) {
  if (phase_ != Phase::asking || row == 0 || column == 0) return;
  column = std::min(column, size_.columns);  // some say that it is behind the last one
  const Layout::Place before = painting_.cursor();
  const bool would_stay = column == std::min(before.column + 1, narrowest_);
  const Layout::Place reflowed = painting_.reflowed_cursor(size_.columns);
  const bool is_between_rows = reflowed.column >= size_.columns;
  const bool is_on_next = is_between_rows && column == 1;
  const bool would_move = is_on_next || column == std::min(reflowed.column + 1, size_.columns);
  if (would_stay != would_move) reflows_ = would_move;
  const std::size_t above = reflows_.value_or(true) ? reflowed.row + (is_on_next ? 1 : 0) : before.row;
  end_resize(std::min<std::size_t>(above, row - 1));
}

void Prompt::end_resize_unanswered() {
  if (painting_.empty()) return end_resize(0);
  const bool moved = reflows_.value_or(true);
  end_resize(moved ? painting_.reflowed_cursor(size_.columns).row : painting_.cursor().row);
}

// Erases the input, which now begins that many rows above the cursor.
void Prompt::end_resize(std::size_t rows_above) {
  phase_ = Phase::steady;
  if (is_dumb()) {
    output_ += dumb_line_.erase();
    return;
  }
  if (painting_.empty()) return;
  painting_.forget();
  output_ += '\r';
  if (rows_above > 0) output_ += fmt::format("\x1b[{}A", rows_above);
  output_ +=
      "\x1b[K\x1b"
      "7\x1b[B\r\x1b[J\x1b"
      "8";
}

}  // namespace wscope::term
