#include "term/vi_search.h"

#include "term/key_code.h"
#include "term/motions.h"

namespace wscope::term {

std::string ViSearch::status() const {
  if (!reads_) return {};
  return direction_ == SearchDirection::back ? "/" : "?";
}

void ViSearch::begin(SearchDirection direction) {
  reads_ = true;
  direction_ = direction;
  pattern_.clear();
}

EditRequest ViSearch::receive(Editing& editing, const Key& key) {
  if (is_text(key) || key.name == Key::Name::paste) {
    if (pattern_.size() + key.text.size() > LineBuffer::most) return EditRequest::beep;
    pattern_ += key.text;
    return EditRequest::none;
  }
  if (is_backspace(key) && !pattern_.empty()) {
    pattern_.resize(previous_place(pattern_, pattern_.size()));
    return EditRequest::none;
  }
  if (key_code::of(key) == key_code::with_control('u')) {
    pattern_.clear();
    return EditRequest::none;
  }
  if (is_enter(key)) {
    reads_ = false;
    if (!pattern_.empty()) wanted_ = pattern_;
    return again(editing, false);
  }
  if (is_backspace(key) || is_abort(key) || key.name == Key::Name::escape) {
    reads_ = false;
    return EditRequest::none;
  }
  return EditRequest::beep;
}

EditRequest ViSearch::again(Editing& editing, bool reversed) const {
  if (wanted_.empty()) return EditRequest::beep;
  const bool back = (direction_ == SearchDirection::back) != reversed;
  const std::size_t last = back ? 0 : editing.lines.newest();
  for (std::size_t at = editing.lines.position(); at != last;) {
    at = back ? at - 1 : at + 1;
    if (!matches(editing.lines.line(at))) continue;
    editing.lines.go_to(at);
    editing.move_to(0);
    return EditRequest::none;
  }
  return EditRequest::beep;
}

bool ViSearch::matches(std::string_view line) const noexcept {
  if (wanted_.starts_with('^')) return line.starts_with(std::string_view(wanted_).substr(1));
  return line.find(wanted_) != std::string_view::npos;
}

}  // namespace wscope::term
