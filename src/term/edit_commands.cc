#include "term/edit_commands.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "term/motions.h"

namespace wscope::term::commands {
namespace {

using Step = std::size_t (*)(std::string_view text, std::size_t place) noexcept;

// Where `count` steps lead, back if it is negative.
std::size_t place_after(const Editing& editing, Count count, Step on, Step back) {
  return repeat(editing.text(), editing.cursor(), std::abs(count.value), count.value < 0 ? back : on);
}

Count negative(Count count) noexcept { return {-count.value, count.given}; }

// The column to keep in a run of vertical motions.
void begin_vertical(Editing& editing) {
  if (editing.latest() != Editing::Kind::vertical) editing.goal_column = column_of(editing.text(), editing.cursor());
  editing.set_kind(Editing::Kind::vertical);
}

// One line up or down within the text; false if there is none.
bool move_vertically(Editing& editing, bool upwards) {
  const std::string& text = editing.text();
  const std::size_t edge = upwards ? line_begin(text, editing.cursor()) : line_end(text, editing.cursor());
  if (edge == (upwards ? 0 : text.size())) return false;
  editing.move_to(at_column(text, upwards ? edge - 1 : edge + 1, editing.goal_column));
  return true;
}

EditRequest go_through_history(Editing& editing, int entries) {
  const auto position = static_cast<std::int64_t>(editing.lines.position());
  const auto newest = static_cast<std::int64_t>(editing.lines.newest());
  const std::int64_t wanted = std::clamp<std::int64_t>(position + entries, 0, newest);
  if (wanted == position) return EditRequest::beep;
  editing.lines.go_to(static_cast<std::size_t>(wanted));
  return EditRequest::none;
}

EditRequest go_vertically(Editing& editing, int lines) {
  begin_vertical(editing);
  const bool upwards = lines < 0;
  int left = std::abs(lines);
  while (left > 0 && move_vertically(editing, upwards)) --left;
  if (left == 0) return EditRequest::none;
  const bool moved = left < std::abs(lines);
  // In another entry the column means nothing.
  editing.set_kind(Editing::Kind::other);
  const EditRequest request = go_through_history(editing, upwards ? -left : left);
  return moved ? EditRequest::none : request;
}

// The text before the cursor is looked for, and the cursor stays behind it; a run of searches is for the same text.
EditRequest search_history(Editing& editing, int entries) {
  if (editing.latest() != Editing::Kind::search) editing.search_size = editing.cursor();
  editing.set_kind(Editing::Kind::search);
  if (editing.search_size == 0) return go_through_history(editing, entries);
  const std::string_view text = editing.text();
  const std::size_t last = entries < 0 ? 0 : editing.lines.newest();
  std::size_t at = editing.lines.position();
  for (int left = std::abs(entries); left > 0;) {
    if (at == last) return EditRequest::beep;
    at = entries < 0 ? at - 1 : at + 1;
    const std::string_view line = editing.lines.line(at);
    if (line.starts_with(text.substr(0, editing.search_size)) && line != text) --left;
  }
  editing.lines.go_to(at);
  editing.move_to(editing.search_size);
  return EditRequest::none;
}

EditRequest remove(Editing& editing, Count count, std::size_t place) {
  return count.given ? editing.kill_to(place) : editing.delete_to(place);
}

}  // namespace

EditRequest to_line_begin(Editing& editing, Count /*count*/) {
  editing.move_to(line_begin(editing.text(), editing.cursor()));
  return EditRequest::none;
}

EditRequest to_line_end(Editing& editing, Count /*count*/) {
  editing.move_to(line_end(editing.text(), editing.cursor()));
  return EditRequest::none;
}

EditRequest forward_character(Editing& editing, Count count) {
  return editing.go_to(place_after(editing, count, next_place, previous_place));
}

EditRequest backward_character(Editing& editing, Count count) { return forward_character(editing, negative(count)); }

EditRequest forward_word(Editing& editing, Count count) {
  return editing.go_to(place_after(editing, count, word_end, word_begin));
}

EditRequest backward_word(Editing& editing, Count count) { return forward_word(editing, negative(count)); }

EditRequest up(Editing& editing, Count count) { return go_vertically(editing, -count.value); }
EditRequest down(Editing& editing, Count count) { return go_vertically(editing, count.value); }
EditRequest previous_entry(Editing& editing, Count count) { return go_through_history(editing, -count.value); }
EditRequest next_entry(Editing& editing, Count count) { return go_through_history(editing, count.value); }

EditRequest first_entry(Editing& editing, Count /*count*/) {
  if (editing.lines.position() == 0) return EditRequest::beep;
  editing.lines.go_to(0);
  return EditRequest::none;
}

EditRequest newest_line(Editing& editing, Count /*count*/) {
  if (editing.lines.position() == editing.lines.newest()) return EditRequest::beep;
  editing.lines.go_to(editing.lines.newest());
  return EditRequest::none;
}

EditRequest search_back(Editing& editing, Count count) { return search_history(editing, -count.value); }
EditRequest search_on(Editing& editing, Count count) { return search_history(editing, count.value); }

EditRequest set_mark(Editing& editing, Count count) {
  editing.lines.current().set_mark(count.given ? static_cast<std::size_t>(std::max(count.value, 0)) : editing.cursor());
  return EditRequest::none;
}

EditRequest exchange_mark(Editing& editing, Count /*count*/) {
  const std::size_t mark = editing.lines.current().mark();
  editing.lines.current().set_mark(editing.cursor());
  editing.move_to(mark);
  return EditRequest::none;
}

EditRequest delete_forward(Editing& editing, Count count) {
  return remove(editing, count, place_after(editing, count, next_place, previous_place));
}

EditRequest delete_backward(Editing& editing, Count count) { return delete_forward(editing, negative(count)); }

EditRequest delete_or_end(Editing& editing, Count count) {
  // Who holds the key down to delete all does not want to leave.
  const bool deleting = editing.latest() == Editing::Kind::delete_or_end;
  if (editing.text().empty() && !deleting && !count.given) return EditRequest::end;
  const EditRequest request = delete_forward(editing, count);
  if (request == EditRequest::none || deleting) editing.set_kind(Editing::Kind::delete_or_end);
  return request;
}

EditRequest delete_blanks(Editing& editing, Count /*count*/) {
  const std::string& text = editing.text();
  std::size_t begin = editing.cursor();
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  const std::size_t end = std::min(text.find_first_not_of(" \t", editing.cursor()), text.size());
  if (begin == end) return EditRequest::beep;
  editing.lines.current().replace(begin, end, {});
  return EditRequest::none;
}

EditRequest kill_word(Editing& editing, Count count) {
  return editing.kill_to(place_after(editing, count, word_end, word_begin));
}

EditRequest kill_word_back(Editing& editing, Count count) { return kill_word(editing, negative(count)); }

EditRequest kill_blank_word_back(Editing& editing, Count count) {
  return editing.kill_to(repeat(editing.text(), editing.cursor(), std::abs(count.value), blank_word_begin));
}

EditRequest kill_line(Editing& editing, Count count) {
  if (count.value < 0) return kill_line_back(editing, {});
  const std::size_t end = line_end(editing.text(), editing.cursor());
  return editing.kill_to(end == editing.cursor() ? next_place(editing.text(), end) : end);
}

EditRequest kill_line_back(Editing& editing, Count /*count*/) {
  const std::size_t begin = line_begin(editing.text(), editing.cursor());
  return editing.kill_to(begin == editing.cursor() ? previous_place(editing.text(), begin) : begin);
}

EditRequest yank(Editing& editing, Count /*count*/) {
  editing.yank_begin = editing.cursor();
  editing.lines.current().set_mark(editing.cursor());
  const EditRequest request = editing.insert(editing.kills.current());
  if (request == EditRequest::none) editing.set_kind(Editing::Kind::yank);
  return request;
}

EditRequest yank_pop(Editing& editing, Count /*count*/) {
  if (editing.latest() != Editing::Kind::yank) return EditRequest::beep;
  editing.kills.rotate();
  editing.set_kind(Editing::Kind::yank);
  const bool fits = editing.lines.current().replace(editing.yank_begin, editing.cursor(), editing.kills.current());
  return fits ? EditRequest::none : EditRequest::beep;
}

EditRequest undo(Editing& editing, Count count) {
  bool undone = false;
  for (int left = count.value; left > 0 && editing.lines.current().undo(); --left) undone = true;
  return undone ? EditRequest::none : EditRequest::beep;
}

EditRequest undo_all(Editing& editing, Count /*count*/) {
  return editing.lines.current().undo_all() ? EditRequest::none : EditRequest::beep;
}

EditRequest toggle_overwrite(Editing& editing, Count /*count*/) {
  editing.overwrites = !editing.overwrites;
  return EditRequest::none;
}

EditRequest insert_line_feed(Editing& editing, Count count) { return editing.insert("\n", count.value); }

EditRequest accept(Editing& editing, Count /*count*/) {
  editing.lines.accept();
  return EditRequest::accept;
}

EditRequest accept_and_get_next(Editing& editing, Count count) {
  const std::size_t next = editing.lines.position() + 1;
  if (next < editing.lines.newest()) editing.next_entry = editing.lines.entry(next);
  return accept(editing, count);
}

EditRequest complete(Editing& editing, Count /*count*/) {
  const bool again = editing.latest() == Editing::Kind::complete;
  editing.set_kind(Editing::Kind::complete);
  return again ? EditRequest::list : EditRequest::complete;
}

EditRequest list(Editing& /*editing*/, Count /*count*/) { return EditRequest::list; }
EditRequest edit(Editing& /*editing*/, Count /*count*/) { return EditRequest::edit; }
EditRequest clear_screen(Editing& /*editing*/, Count /*count*/) { return EditRequest::clear_screen; }
EditRequest quote_next(Editing& /*editing*/, Count /*count*/) { return EditRequest::quote_next; }

}  // namespace wscope::term::commands
