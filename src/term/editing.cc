#include "term/editing.h"

#include <algorithm>
#include <utility>

#include "term/motions.h"

namespace wscope::term {

void Editing::begin_key() noexcept {
  latest_ = std::exchange(kind_, Kind::other);
  next_entry.reset();
}

EditRequest Editing::insert(std::string_view inserted, int times) { return replace_to(cursor(), inserted, times); }

EditRequest Editing::type(std::string_view typed, int times) {
  if (!overwrites) return insert(typed, times);
  const std::size_t end = repeat(text(), cursor(), times, next_place);
  return replace_to(std::min(end, line_end(text(), cursor())), typed, times);
}

EditRequest Editing::replace_to(std::size_t end, std::string_view inserted, int times) {
  if (times < 1 || inserted.empty()) return EditRequest::beep;
  const auto often = static_cast<std::size_t>(times);
  if (often > 1 && inserted.size() > LineBuffer::most / often) return EditRequest::beep;
  std::string repeated;
  if (often > 1) {
    repeated.reserve(often * inserted.size());
    for (std::size_t i = 0; i < often; ++i) repeated += inserted;
    inserted = repeated;
  }
  return lines.current().replace(cursor(), end, inserted) ? EditRequest::none : EditRequest::beep;
}

EditRequest Editing::kill_to(std::size_t place) {
  set_kind(Kind::kill);
  const std::size_t from = cursor();
  if (place == from) return EditRequest::beep;
  const std::size_t begin = std::min(from, place);
  const std::string_view killed = std::string_view(text()).substr(begin, std::max(from, place) - begin);
  const bool goes_on = latest() == Kind::kill;
  kills.add(killed, !goes_on ? KillRing::Join::none : place < from ? KillRing::Join::before : KillRing::Join::behind);
  return delete_to(place);
}

EditRequest Editing::delete_to(std::size_t place) {
  const std::size_t from = cursor();
  if (place == from) return EditRequest::beep;
  lines.current().replace(std::min(from, place), std::max(from, place), {});
  return EditRequest::none;
}

EditRequest Editing::go_to(std::size_t place) noexcept {
  if (place == cursor()) return EditRequest::beep;
  move_to(place);
  return EditRequest::none;
}

}  // namespace wscope::term
