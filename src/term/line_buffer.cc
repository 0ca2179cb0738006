#include "term/line_buffer.h"

#include <algorithm>
#include <utility>

#include "term/cells.h"
#include "term/motions.h"

namespace wscope::term {

void LineBuffer::move_to(std::size_t position) noexcept { cursor_ = place_from(text_, position); }

std::size_t LineBuffer::mark() const noexcept { return place_from(text_, mark_); }

bool LineBuffer::replace(std::size_t begin, std::size_t end, std::string_view text) {
  end = std::min(end, text_.size());
  begin = std::min(begin, end);
  if (text_.size() - (end - begin) + text.size() > most) return false;
  if (begin < end || !text.empty()) {
    const bool typed = begin == end && text.size() <= 64 && first_cluster(text).bytes.size() == text.size();
    undo_.record({begin, text.size(), text_.substr(begin, end - begin), cursor_}, typed);
    text_.replace(begin, end - begin, text);
  }
  move_to(begin + text.size());
  return true;
}

bool LineBuffer::undo() {
  auto edit = undo_.take();
  if (!edit) return false;
  while (edit) {
    text_.replace(edit->position, edit->inserted, edit->removed);
    move_to(edit->cursor);
    if (!undo_.goes_on(*edit)) break;
    edit = undo_.take();
  }
  return true;
}

bool LineBuffer::undo_all() {
  if (!undo()) return false;
  while (undo()) continue;
  return true;
}

}  // namespace wscope::term
