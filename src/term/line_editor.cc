#include "term/line_editor.h"

#include <optional>
#include <string>
#include <utility>

namespace wscope::term {

LineEditor::LineEditor(const History& history, Keymap keymap)
    : history_(&history), keymap_(keymap), editing_(history) {}

void LineEditor::set_keymap(Keymap keymap) {
  settle();
  keymap_ = keymap;
}

LineEditor::Request LineEditor::receive(const Key& key) {
  if (key.name == Key::Name::cursor_report) return Request::none;
  editing_.begin_key();
  std::optional<Request> request;
  if (search_.active()) request = search_.receive(editing_, key);
  if (!request && keymap_ == Keymap::emacs) request = emacs_.receive(editing_, search_, key);
  if (!request) request = vi_.receive(editing_, search_, key);
  update_status();
  return *request;
}

void LineEditor::update_status() {
  if (search_.active()) {
    status_ = search_.status();
  } else {
    status_ = keymap_ == Keymap::emacs ? emacs_.status() : vi_.status();
  }
}

std::string_view LineEditor::text() const noexcept {
  return vi_.search().reads() ? vi_.search().pattern() : editing_.text();
}

std::size_t LineEditor::cursor() const noexcept {
  return vi_.search().reads() ? vi_.search().pattern().size() : editing_.cursor();
}

const std::string& LineEditor::status() const noexcept { return status_; }

void LineEditor::replace(std::size_t begin, std::size_t end, std::string_view text) {
  search_.end();
  vi_.cancel_search();
  const std::string_view before = editing_.text();
  // A Tab that has completed something is followed by one that completes more.
  if (begin > end || end > before.size() || before.substr(begin, end - begin) != text) {
    editing_.set_kind(Editing::Kind::other);
  }
  editing_.lines.current().replace(begin, end, text);
  if (keymap_ == Keymap::vi) vi_.keep_on_character(editing_);
  update_status();
}

void LineEditor::set_text(std::string_view text) { replace(0, std::string_view::npos, text); }

void LineEditor::settle() {
  search_.end();
  emacs_.reset();
  vi_.reset(editing_);
  editing_.begin_key();
  status_.clear();
}

void LineEditor::reset() {
  const std::optional<std::string> next = std::exchange(editing_.next_entry, std::nullopt);
  settle();
  editing_.lines = HistoryLines(*history_);
  // By its text: what was accepted may have become the latest.
  for (std::size_t at = 0; next && at < editing_.lines.newest(); ++at) {
    if (editing_.lines.entry(at) == *next) return editing_.lines.go_to(at);
  }
}

}  // namespace wscope::term
