#include "term/prompt.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace wscope::term {
namespace {

// Synchronized updates: terminals that know them show what is between as one picture, others pass them over.
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

// How many rows whole lines take.
std::size_t rows_of(std::string_view lines, unsigned columns) {
  std::size_t rows = 0;
  Layout layout;
  while (!lines.empty()) {
    const std::size_t size = std::min(lines.find('\n'), lines.size());
    layout.set(lines.substr(0, size), {}, columns);
    std::size_t taken = 1;
    while (layout.has_row(taken)) ++taken;
    rows += taken - (taken > 1 && layout.row(taken - 1).cells.empty() ? 1 : 0);
    lines.remove_prefix(std::min(size + 1, lines.size()));
  }
  return rows;
}

bool is_ascii(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

ScreenSize at_least_one(ScreenSize size) noexcept { return {std::max(size.rows, 1U), std::max(size.columns, 1U)}; }

}  // namespace

Prompt::Prompt(ScreenSize size, Abilities abilities)
    : size_(at_least_one(size)),
      abilities_(abilities),
      painting_(abilities == Abilities::tmux ? Painting::Erasing::rows : Painting::Erasing::tails) {}

void Prompt::show(const InputView& view) {
  prompt_ = view.prompt;
  if (prompt_.find('\x1b') != std::string::npos) prompt_ += "\x1b[0m";
  text_ = view.text;
  cursor_ = std::min(view.cursor, text_.size());
  below_ = view.below;
  visible_ = true;
  has_printed_more_than_ascii_ = has_printed_more_than_ascii_ || !is_ascii(view.text);
}

void Prompt::print(std::string_view lines) {
  lines_ += lines;
  has_printed_more_than_ascii_ = has_printed_more_than_ascii_ || !is_ascii(lines);
}

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
    first_row_.leave(painting_.rows(), size_.rows);
    painting_.leave(tail, output_);
  }
}

void Prompt::hide() {
  if (phase_ != Phase::steady) end_resize_unanswered();
  visible_ = false;
  update();
  first_row_.forget();
}

void Prompt::clear_screen() {
  if (phase_ == Phase::steady) update();
  phase_ = Phase::steady;
  if (is_dumb()) return;
  output_ += "\x1b[H\x1b[2J";
  painting_.forget();
  first_row_.set(1);
}

void Prompt::beep() { output_ += '\a'; }

// What is printed goes where the input was, which is painted again below: one write, so that the input is never seen
// to be gone. Small changes need no picture of their own.
void Prompt::update() {
  if (is_dumb()) return update_dumb();
  std::string changes;
  bool is_large = !lines_.empty();
  if (!lines_.empty() || !visible_) painting_.erase(changes);
  changes += with_cr(lines_);
  note_printed();
  lines_.clear();
  if (visible_) {
    const unsigned most_rows = std::max(size_.rows, 2U) - 1;
    is_large |= painting_.paint({prompt_, text_, cursor_, below_}, size_.columns, most_rows, changes);
    first_row_.show(painting_.rows(), size_.rows);
  }
  if (is_large && visible_) {
    output_.append(begin_update).append(changes).append(end_update);
  } else {
    output_ += changes;
  }
}

// On a full screen, which is the rule, it does not matter how many rows the lines take.
void Prompt::note_printed() {
  const auto count = static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), '\n'));
  const auto first = first_row_.row();
  if (count > 0 && first && *first + count < size_.rows) {
    first_row_.leave(rows_of(lines_, size_.columns), size_.rows);
  } else {
    first_row_.print(count, size_.rows);
  }
}

void Prompt::update_dumb() {
  if (!lines_.empty() || !visible_) output_ += dumb_line_.erase();
  output_ += with_cr(without_colours(lines_));
  lines_.clear();
  if (visible_) output_ += dumb_line_.paint(prompt_, text_, cursor_, size_.columns);
}

std::string Prompt::next_update() {
  if (phase_ == Phase::steady) update();
  return std::exchange(output_, {});
}

// A window that is dragged changes many times. Nothing is painted until it has come to rest, as what stands where is
// not known meanwhile; then the terminal is asked.
void Prompt::resize(ScreenSize size, base::TimePoint now) {
  size = at_least_one(size);
  if (phase_ == Phase::steady) {
    narrowest_ = size_.columns;
    rows_before_ = fewest_rows_ = size_.rows;
  }
  narrowest_ = std::min(narrowest_, size.columns);
  fewest_rows_ = std::min(fewest_rows_, size.rows);
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
  if (is_dumb() || painting_.empty()) return false;
  return abilities_ == Abilities::tmux || !painting_.is_one_row_in(narrowest_);
}

void Prompt::advance(base::TimePoint now) {
  if (phase_ == Phase::steady || now < until_) return;
  if (phase_ == Phase::asking || !rows_may_have_moved()) return end_resize_unanswered();
  output_ += "\x1b[6n";
  phase_ = Phase::asking;
  until_ = now + report_wait;
}

// Terminals either leave rows alone when their width changes or wrap them anew, and do not say which: the column of the
// cursor does, if only one of both would have put it there, and is remembered for when it does not.
void Prompt::cursor_report(unsigned row, unsigned column) {
  if (phase_ != Phase::asking || row == 0 || column == 0) return;
  column = std::min(column, size_.columns);  // some say that it is behind the last one
  if (abilities_ == Abilities::tmux) return end_resize_in_tmux(row, column);
  const Moved stay = stayed(column);
  const Moved move = reflowed(column);
  if (stay.is_likely != move.is_likely) reflows_ = move.is_likely;
  end_resize(std::min<std::size_t>(reflows_.value_or(true) ? move.above : stay.above, row - 1));
}

Prompt::Moved Prompt::stayed(unsigned column) const {
  const Layout::Place place = painting_.cursor();
  return {.above = place.row,
          .below = painting_.rows() - 1 - place.row,
          .is_likely = column == std::min(place.column + 1, narrowest_)};
}

Prompt::Moved Prompt::reflowed(unsigned column) const {
  const Layout::Place place = painting_.reflowed_cursor(size_.columns);
  const bool is_on_next = place.column >= size_.columns && column == 1;
  const std::size_t above = place.row + (is_on_next ? 1 : 0);
  const std::size_t rows = painting_.reflowed_rows(painting_.rows(), size_.columns);
  return {.above = above,
          .below = std::max(rows, above + 1) - 1 - above,
          .is_likely = is_on_next || column == std::min(place.column + 1, size_.columns)};
}

// tmux also moves rows to and from its scrollback, and its report can be wrong after rows of wide characters: a place
// that cannot be is not believed, and the input is painted at the bottom.
void Prompt::end_resize_in_tmux(std::size_t row, unsigned column) {
  const auto last = last_row_in_tmux();
  const std::size_t cut = rows_cut_by_tmux();
  Moved stay = stayed(column);
  stay.below -= cut;
  Moved move = reflowed(column);
  const std::size_t rows = painting_.reflowed_rows(painting_.rows() - cut, size_.columns);
  move.below = std::max(rows, move.above + 1) - 1 - move.above;
  std::size_t first = 0;  // row of the input
  const Moved& likely = move.is_likely ? move : stay;
  const bool is_where_it_can_be = !has_printed_more_than_ascii_ || !last || row + likely.below >= *last;
  if (likely.is_likely && row > likely.above && is_where_it_can_be) first = row - likely.above;
  if (first == 0) {
    // What is above the input must not be lost, too.
    first = last ? *last - std::min<std::size_t>(*last, rows) + 1 : size_.rows;
    output_ += fmt::format("\x1b[{};1H", size_.rows);
    if (!last) output_ += "\r\n";
    row = size_.rows;
  }
  end_resize(row - first);
  first_row_.set(static_cast<unsigned>(first));
}

// Where there are fewer rows, tmux first takes those below the cursor.
std::size_t Prompt::rows_cut_by_tmux() const {
  const std::size_t rows = painting_.rows();
  const std::size_t unused =
      rows_before_ - std::min<std::size_t>(first_row_.row().value_or(1) + rows - 1, rows_before_);
  const std::size_t below = rows - 1 - painting_.cursor().row;
  const std::size_t fewer = rows_before_ - fewest_rows_;
  return std::min(below, fewer - std::min(fewer, unused));
}

// The row of the screen that the last one of the input must be on now, if that can be known. Where there are more rows,
// tmux takes them from its scrollback.
std::optional<std::size_t> Prompt::last_row_in_tmux() const {
  const auto first = first_row_.row();
  if (!first || first_row_.printed() < rows_before_ + size_.rows) return {};
  const std::size_t last = std::min<std::size_t>(*first + painting_.rows() - 1, rows_before_);
  const std::size_t unused = rows_before_ - last;
  return size_.rows -
         std::min<std::size_t>(unused - std::min<std::size_t>(unused, rows_before_ - fewest_rows_), size_.rows);
}

void Prompt::end_resize_unanswered() {
  if (painting_.empty()) return end_resize(0);
  const bool moved = reflows_.value_or(true);
  end_resize(moved ? painting_.reflowed_cursor(size_.columns).row : painting_.cursor().row);
}

// Erases the input, which now begins that many rows above the cursor.
void Prompt::end_resize(std::size_t rows_above) {
  phase_ = Phase::steady;
  first_row_.forget();
  if (is_dumb()) {
    output_ += dumb_line_.erase();
    return;
  }
  if (painting_.empty()) return;
  painting_.forget();
  output_ += '\r';
  if (rows_above > 0) output_ += fmt::format("\x1b[{}A", rows_above);
  erase_from_here();
}

void Prompt::erase_from_here() {
  output_ +=
      "\x1b[K\x1b"
      "7\x1b[B\r\x1b[J\x1b"
      "8";
}

}  // namespace wscope::term
