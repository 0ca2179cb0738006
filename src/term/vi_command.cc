#include "term/vi_command.h"

#include <algorithm>
#include <utility>

#include "term/characters.h"
#include "term/edit_commands.h"
#include "term/key_code.h"
#include "term/motions.h"
#include "term/word_commands.h"

namespace wscope::term {
namespace {

using Result = ViCommand::Result;
using Step = ViCommand::Step;

constexpr Result failed = {Step::done, EditRequest::beep};

bool is_one_of(std::string_view characters, char character) noexcept {
  return characters.find(character) != std::string_view::npos;
}

bool is_mark(std::string_view name) noexcept { return name.size() == 1 && name[0] >= 'a' && name[0] <= 'z'; }

Result changed_if(EditRequest request) noexcept {
  return {request == EditRequest::none ? Step::change : Step::done, request};
}

Result put(Editing& editing, bool behind, int times) {
  if (editing.kills.empty()) return failed;
  const std::size_t cursor = editing.cursor();
  if (behind && cursor < line_end(editing.text(), cursor)) editing.move_to(next_place(editing.text(), cursor));
  const EditRequest request = editing.insert(editing.kills.current(), times);
  editing.move_to(request == EditRequest::none ? previous_place(editing.text(), editing.cursor()) : cursor);
  return changed_if(request);
}

Result swap_cases(Editing& editing, int times) {
  const std::string& text = editing.text();
  const std::size_t begin = editing.cursor();
  const std::size_t end = std::min(repeat(text, begin, times, next_place), line_end(text, begin));
  if (begin == end) return failed;
  const std::string swapped = swap_case(std::string_view(text).substr(begin, end - begin));
  editing.lines.current().replace(begin, end, swapped);
  return {Step::change};
}

Result replace_characters(Editing& editing, std::string_view with, int times) {
  const std::string& text = editing.text();
  std::size_t end = editing.cursor();
  const std::size_t most = line_end(text, end);
  std::string replacement;
  for (; times > 0; --times) {
    if (end == most) return failed;
    end = next_place(text, end);
    replacement += with;
  }
  editing.lines.current().replace(editing.cursor(), end, replacement);
  editing.move_to(previous_place(text, editing.cursor()));
  return {Step::change};
}

// Behind the cursor, with a blank before it. The first one has the number one.
Result append_argument(Editing& editing, Count count) {
  const auto argument = argument_before(editing, {count.value - 1, count.given});
  if (!argument) return failed;
  const std::size_t cursor = editing.cursor();
  if (cursor < line_end(editing.text(), cursor)) editing.move_to(next_place(editing.text(), cursor));
  const EditRequest request = editing.insert(' ' + *argument);
  return {request == EditRequest::none ? Step::inserts : Step::done, request};
}

}  // namespace

void ViCommand::reset() noexcept {
  operator_ = waiting_ = 0;
  count_.reset();
  operator_count_.reset();
}

Count ViCommand::take_count() noexcept {
  const auto typed = std::exchange(count_, std::nullopt);
  const auto before = std::exchange(operator_count_, std::nullopt);
  const std::int64_t product = std::int64_t{typed.value_or(1)} * before.value_or(1);
  latest_count_ = {static_cast<int>(std::min<std::int64_t>(product, Count::most)), typed || before};
  return latest_count_;
}

void ViCommand::set_count(Count count) noexcept {
  reset();
  if (count.given) count_ = count.value;
}

bool ViCommand::take_digit(std::string_view text) noexcept {
  if (text.size() != 1 || text[0] < (count_ ? '0' : '1') || text[0] > '9') return false;
  count_ = std::min(count_.value_or(0) * 10 + (text[0] - '0'), Count::most);
  return true;
}

Result ViCommand::receive(Editing& editing, const Key& key) {
  if (!is_text(key)) {
    if (idle()) return {Step::unknown};
    const bool is_cancel = key.name == Key::Name::escape || is_abort(key);
    const bool waited = waits();
    if (is_cancel || waited) reset();
    return is_cancel ? Result{} : waited ? failed : Result{Step::unknown};
  }
  if (waiting_ != 0) return handle_waiting(editing, key);
  if (take_digit(key.text)) return {Step::count};
  return key.text.size() == 1 ? handle_character(editing, key.text[0]) : (reset(), failed);
}

Result ViCommand::handle_character(Editing& editing, char character) {
  if (ViMotions::finds(character) || character == '`') {
    waiting_ = character;
    return {Step::waits};
  }
  if (operator_ != 0) {
    if (character == operator_) return apply_to_line(editing);
    if (ViMotions::is_motion(character)) return apply(editing, std::exchange(operator_, 0), character);
    reset();
    return failed;
  }
  if (is_one_of("dcy", character)) {
    operator_ = character;
    operator_count_ = std::exchange(count_, std::nullopt);
    return {Step::waits};
  }
  if (ViMotions::is_motion(character)) {
    const Count count = take_count();
    return move(editing, motions_.go(character, editing.text(), editing.cursor(), count, false));
  }
  return change_text(editing, character);
}

Result ViCommand::handle_waiting(Editing& editing, const Key& key) {
  const char waiting = std::exchange(waiting_, 0);
  const char with = std::exchange(operator_, 0);
  const Count count = take_count();
  if (waiting == 'r') return replace_characters(editing, key.text, count.value);
  if (waiting == 'm') return set_mark(editing, key.text);
  const std::size_t cursor = editing.cursor();
  const auto motion =
      waiting == '`' ? to_mark(editing, key.text) : motions_.find(waiting, key.text, editing.text(), cursor, count);
  if (with == 0 || !motion) return move(editing, motion);
  const std::size_t place = motion->inclusive ? next_place(editing.text(), motion->place) : motion->place;
  return apply_to_range(editing, with, std::min(cursor, place), std::max(cursor, place));
}

Result ViCommand::set_mark(const Editing& editing, std::string_view name) noexcept {
  if (!is_mark(name)) return failed;
  marks_[static_cast<std::size_t>(name[0] - 'a')] = editing.cursor();
  return {};
}

std::optional<ViMotion> ViCommand::to_mark(const Editing& editing, std::string_view name) const noexcept {
  const auto mark = is_mark(name) ? marks_[static_cast<std::size_t>(name[0] - 'a')] : std::nullopt;
  return mark ? std::optional(ViMotion{place_from(editing.text(), *mark)}) : std::nullopt;
}

Result ViCommand::move(Editing& editing, const std::optional<ViMotion>& motion) {
  if (!motion) return failed;
  return {Step::done, editing.go_to(motion->place)};
}

Result ViCommand::change_text(Editing& editing, char character) {
  switch (character) {
    case 'x':
      return apply(editing, 'd', 'l');
    case 'X':
      return apply(editing, 'd', 'h');
    case 'D':
      return apply(editing, 'd', '$');
    case 'C':
      return apply(editing, 'c', '$');
    case 'Y':
      return apply(editing, 'y', '$');
    case 's':
      return apply(editing, 'c', 'l');
    case 'S':
      operator_ = 'c';
      return apply_to_line(editing);
    case 'r':
    case 'm':
      waiting_ = character;
      return {Step::waits};
    case '~':
      return swap_cases(editing, take_count().value);
    case 'p':
    case 'P':
      return put(editing, character == 'p', take_count().value);
    case '_':
      return append_argument(editing, take_count());
    default:
      return start_inserting(editing, character);
  }
}

Result ViCommand::start_inserting(Editing& editing, char character) {
  if (character == 0 || !is_one_of("iIaAR", character)) return {Step::unknown};
  (void)take_count();
  const std::string& text = editing.text();
  const std::size_t cursor = editing.cursor();
  const std::size_t end = line_end(text, cursor);
  if (character == 'I') editing.move_to(line_begin(text, cursor));
  if (character == 'A') editing.move_to(end);
  if (character == 'a' && cursor < end) editing.move_to(next_place(text, cursor));
  editing.overwrites = character == 'R';
  return {Step::inserts};
}

Result ViCommand::apply(Editing& editing, char with, char motion) {
  const std::string& text = editing.text();
  const std::size_t cursor = editing.cursor();
  const Count count = take_count();
  const bool is_word = motion == 'w' || motion == 'W';
  const bool on_blank =
      cursor < text.size() && first_class(std::string_view(text).substr(cursor)) == CharacterClass::blank;
  const auto found = with == 'c' && is_word && !on_blank ? ViMotions::change_word(motion, text, cursor, count)
                                                         : motions_.go(motion, text, cursor, count, true);
  if (!found && with != 'c') return failed;
  if (!found && !is_word) return failed;
  ViMotion to = found.value_or(ViMotion{cursor});
  std::size_t begin = std::min(cursor, to.place);
  std::size_t end = std::max(cursor, to.place);
  if (to.inclusive) end = next_place(text, end);
  return apply_to_range(editing, with, begin, end);
}

// The LF goes too, but what is changed stays a line.
Result ViCommand::apply_to_line(Editing& editing) {
  const char with = std::exchange(operator_, 0);
  const int lines = take_count().value;
  const std::string& text = editing.text();
  std::size_t begin = line_begin(text, editing.cursor());
  std::size_t end = line_end(text, editing.cursor());
  for (int left = lines - 1; left > 0 && end < text.size(); --left) end = line_end(text, end + 1);
  if (with == 'd' && end < text.size()) {
    ++end;
  } else if (with == 'd' && begin > 0) {
    --begin;
  }
  const std::size_t cursor = editing.cursor();
  const Result result = apply_to_range(editing, with, begin, end);
  if (with == 'y') editing.move_to(cursor);
  if (with == 'd') editing.move_to(line_begin(text, editing.cursor()));
  return result;
}

Result ViCommand::apply_to_range(Editing& editing, char with, std::size_t begin, std::size_t end) {
  if (begin == end && with != 'c') return failed;
  editing.kills.add(std::string_view(editing.text()).substr(begin, end - begin));
  if (with != 'y') editing.lines.current().replace(begin, end, {});
  editing.move_to(begin);
  editing.overwrites = false;
  return {with == 'y' ? Step::done : with == 'c' ? Step::inserts : Step::change};
}

}  // namespace wscope::term
