#include "term/incremental_search.h"

#include <algorithm>
#include <utility>

#include "term/characters.h"
#include "term/key_code.h"
#include "term/motions.h"

namespace wscope::term {
namespace {

constexpr std::size_t before_begin = std::string_view::npos;

// The end of the word that goes on at `place`, or that place.
std::size_t this_word_end(std::string_view text, std::size_t place) noexcept {
  const bool is_word = place < text.size() && first_class(text.substr(place)) == CharacterClass::word;
  return is_word ? word_end(text, place) : place;
}

}  // namespace

bool IncrementalSearch::begin(const Editing& editing, const Key& key) {
  const KeyCode code = key_code::of(key);
  if (code != key_code::with_control('r') && code != key_code::with_control('s')) return false;
  active_ = true;
  failed_ = false;
  direction_ = code == key_code::with_control('r') ? SearchDirection::back : SearchDirection::on;
  pattern_.clear();
  line_ = original_line_ = editing.lines.position();
  from_ = original_cursor_ = editing.cursor();
  return true;
}

void IncrementalSearch::end() {
  if (active_ && !pattern_.empty()) last_pattern_ = pattern_;
  active_ = false;
}

std::string IncrementalSearch::status() const {
  if (!active_) return {};
  std::string status = failed_ ? "(failed " : "(";
  if (direction_ == SearchDirection::back) status += "reverse-";
  return status + "i-search)`" + visible(pattern_) + "': ";
}

std::optional<EditRequest> IncrementalSearch::receive(Editing& editing, const Key& key) {
  const KeyCode code = key_code::of(key);
  if (code == key_code::with_control('r')) return repeat(editing, SearchDirection::back);
  if (code == key_code::with_control('s')) return repeat(editing, SearchDirection::on);
  if (is_abort(key)) return abort(editing);
  if (is_text(key) || key.name == Key::Name::paste) return add(editing, key.text);
  const bool takes_word = code == key_code::with_control('w');
  if (takes_word || code == key_code::with_control('y')) {
    const std::string_view text = editing.text();
    const std::size_t end = std::min(editing.cursor() + pattern_.size(), text.size());
    return add(editing, text.substr(end, (takes_word ? this_word_end(text, end) : line_end(text, end)) - end));
  }
  if (is_backspace(key)) {
    if (pattern_.empty()) return EditRequest::beep;
    pattern_.resize(previous_place(pattern_, pattern_.size()));
    return search(editing);
  }
  end();
  // readline's keys for staying with what was found, and nothing else.
  if (key.name == Key::Name::escape || code == key_code::with_control('j')) return EditRequest::none;
  return std::nullopt;
}

EditRequest IncrementalSearch::add(Editing& editing, std::string_view text) {
  if (text.empty() || pattern_.size() + text.size() > LineBuffer::most) return EditRequest::beep;
  pattern_ += text;
  return search(editing);
}

EditRequest IncrementalSearch::repeat(Editing& editing, SearchDirection direction) {
  if (pattern_.empty()) {
    direction_ = direction;
    if (last_pattern_.empty()) return EditRequest::beep;
    pattern_ = last_pattern_;
  } else if (std::exchange(direction_, direction) == direction) {
    if (direction == SearchDirection::back) from_ = from_ == 0 || from_ == before_begin ? before_begin : from_ - 1;
    if (direction == SearchDirection::on) ++from_;
  }
  return search(editing);
}

bool IncrementalSearch::find_in(std::string_view line) noexcept {
  std::size_t found = std::string_view::npos;
  if (direction_ == SearchDirection::on) {
    found = line.find(pattern_, from_);
  } else if (from_ != before_begin) {
    found = line.rfind(pattern_, from_);
  }
  if (found == std::string_view::npos) return false;
  from_ = found;
  return true;
}

EditRequest IncrementalSearch::search(Editing& editing) {
  const std::size_t line = line_;
  const std::size_t from = from_;
  const std::string_view shown = editing.text();
  bool found = find_in(editing.lines.line(line_));
  while (!found && line_ != (direction_ == SearchDirection::back ? 0 : editing.lines.newest())) {
    line_ = direction_ == SearchDirection::back ? line_ - 1 : line_ + 1;
    const std::string_view next = editing.lines.line(line_);
    from_ = direction_ == SearchDirection::back ? next.size() : 0;
    found = next != shown && find_in(next);
  }
  failed_ = !found;
  if (found) {
    editing.lines.go_to(line_);
    editing.move_to(from_);
    return EditRequest::none;
  }
  line_ = line;
  from_ = from == before_begin ? 0 : from;
  return EditRequest::beep;
}

EditRequest IncrementalSearch::abort(Editing& editing) {
  end();
  editing.lines.go_to(original_line_);
  editing.move_to(original_cursor_);
  return EditRequest::beep;
}

}  // namespace wscope::term
