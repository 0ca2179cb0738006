#include "term/dumb_line.h"

#include <algorithm>

#include "term/cells.h"
#include "term/layout.h"

namespace wscope::term {
namespace {

// What a part of the text looks like.
struct Shown {
  std::string text{};
  unsigned width = 0;
};

// As much of `text` as there is room for.
Shown show(std::string_view text, unsigned room) {
  Shown shown;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text, std::max(room, 1U));
    if (shown.width + glyph.width > room) break;
    shown.text += glyph.shown;
    shown.width += glyph.width;
    text.remove_prefix(glyph.source.size());
  }
  return shown;
}

// How far before `cursor` one can go in `room` columns.
std::size_t go_back(std::string_view text, std::size_t cursor, unsigned room) {
  while (cursor > 0) {
    const std::size_t before = previous_boundary(text, cursor);
    const unsigned width = first_glyph(text.substr(before, cursor - before), std::max(room, 1U)).width;
    if (width > room) break;
    room -= width;
    cursor = before;
  }
  return cursor;
}

}  // namespace

std::string without_colours(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t size = escape_sequence_size(text);
    if (size == 0) plain += text.front();
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return plain;
}

std::string DumbLine::paint(std::string_view prompt, std::string_view text, std::size_t cursor, unsigned columns) {
  const unsigned room = columns > 1 ? columns - 1 : 1;
  Shown line = show(without_colours(prompt), room);
  if (line.width * 2 > room) line = {};
  const unsigned text_room = room - line.width;
  if (cursor < first_ || cursor == 0) first_ = go_back(text, cursor, text_room / 2);
  // No more than what may be on the row is looked at: a text may be long.
  if (go_back(text, cursor, text_room) > first_) first_ = go_back(text, cursor, text_room * 2 / 3);
  const Shown before = show(text.substr(first_, cursor - first_), text_room);
  const Shown behind = show(text.substr(cursor), text_room - before.width);
  line.text += before.text + behind.text;
  line.width += before.width + behind.width;
  if (line.text == shown_ && behind.width == behind_) return {};
  std::string out;
  const bool appends = behind_ == 0 && behind.width == 0 && !shown_.empty() && line.text.starts_with(shown_);
  if (appends) {
    out = line.text.substr(shown_.size());
  } else {
    out = width_ > 0 ? "\r" + line.text : line.text;
    const unsigned stale = width_ > line.width ? width_ - line.width : 0;
    out += std::string(stale, ' ') + std::string(stale + behind.width, '\b');
  }
  shown_ = std::move(line.text);
  width_ = line.width;
  behind_ = behind.width;
  return out;
}

std::string DumbLine::erase() {
  std::string out = width_ > 0 ? "\r" + std::string(width_, ' ') + "\r" : "";
  forget();
  return out;
}

void DumbLine::forget() noexcept {
  shown_.clear();
  first_ = 0;
  width_ = behind_ = 0;
}

}  // namespace wscope::term
