#include "term/word_commands.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "term/characters.h"
#include "term/motions.h"

namespace wscope::term {

std::vector<std::string_view> split_arguments(std::string_view line) {
  std::vector<std::string_view> arguments;
  std::size_t begin = std::string_view::npos;
  char quote = 0;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    const char byte = at < line.size() ? line[at] : ' ';
    const bool ends = at == line.size() || (quote == 0 && (byte == ' ' || byte == '\t' || byte == '\n'));
    if (!ends && begin == std::string_view::npos) begin = at;
    if (ends && begin != std::string_view::npos) {
      arguments.push_back(line.substr(begin, at - begin));
      begin = std::string_view::npos;
    }
    if (byte == quote) {
      quote = 0;
    } else if (quote == 0 && (byte == '"' || byte == '\'')) {
      quote = byte;
    }
  }
  return arguments;
}

namespace {

// The argument that is wanted of a line: nothing if it has none such.
std::optional<std::string_view> argument_of(std::string_view line, Count count) {
  const std::vector<std::string_view> arguments = split_arguments(line);
  const auto size = static_cast<std::int64_t>(arguments.size());
  const std::int64_t index = !count.given ? size - 1 : count.value < 0 ? size - 1 + count.value : count.value;
  if (index < 0 || index >= size) return std::nullopt;
  return arguments[static_cast<std::size_t>(index)];
}

}  // namespace

std::optional<std::string> argument_before(const Editing& editing, Count count) {
  const std::size_t position = editing.lines.position();
  const auto argument = position == 0 ? std::nullopt : argument_of(editing.lines.line(position - 1), count);
  return argument ? std::optional(std::string(*argument)) : std::nullopt;
}

}  // namespace wscope::term

namespace wscope::term::commands {
namespace {

template <typename Change>
EditRequest change_words(Editing& editing, int words, Change&& change) {
  const std::string& text = editing.text();
  const std::size_t cursor = editing.cursor();
  const std::size_t other = repeat(text, cursor, std::abs(words), words < 0 ? word_begin : word_end);
  if (other == cursor) return EditRequest::beep;
  const std::size_t begin = std::min(cursor, other);
  const std::size_t end = std::max(cursor, other);
  const std::string changed = change(std::string_view(text).substr(begin, end - begin));
  return editing.lines.current().replace(begin, end, changed) ? EditRequest::none : EditRequest::beep;
}

std::string capitalize(std::string_view text) {
  std::string changed;
  bool in_word = false;
  while (!text.empty()) {
    const std::string_view cluster = text.substr(0, next_place(text, 0));
    changed += change_case(cluster, in_word ? LetterCase::lower : LetterCase::upper);
    in_word = first_class(cluster) == CharacterClass::word;
    text.remove_prefix(cluster.size());
  }
  return changed;
}

}  // namespace

EditRequest transpose_characters(Editing& editing, Count count) {
  const std::string& text = editing.text();
  const std::size_t begin = line_begin(text, editing.cursor());
  const std::size_t end = line_end(text, editing.cursor());
  std::size_t middle = editing.cursor();
  if (middle == end && middle > begin) middle = previous_place(text, middle);
  if (middle == begin || count.value < 1) return EditRequest::beep;
  const std::size_t from = previous_place(text, middle);
  const std::size_t to = std::min(repeat(text, middle, count.value, next_place), end);
  const std::string swapped = text.substr(middle, to - middle) + text.substr(from, middle - from);
  editing.lines.current().replace(from, to, swapped);
  return EditRequest::none;
}

EditRequest transpose_words(Editing& editing, Count count) {
  if (count.value < 1) return EditRequest::beep;
  const std::string& text = editing.text();
  const std::size_t second_end = repeat(text, editing.cursor(), count.value, word_end);
  const std::size_t second = word_begin(text, second_end);
  const std::size_t first = repeat(text, second, count.value, word_begin);
  const std::size_t first_end = word_end(text, first);
  if (first == second || second < first_end) return EditRequest::beep;
  const std::string swapped = text.substr(second, second_end - second) + text.substr(first_end, second - first_end) +
                              text.substr(first, first_end - first);
  editing.lines.current().replace(first, second_end, swapped);
  return EditRequest::none;
}

EditRequest upper_case_word(Editing& editing, Count count) {
  return change_words(editing, count.value, [](std::string_view text) { return change_case(text, LetterCase::upper); });
}

EditRequest lower_case_word(Editing& editing, Count count) {
  return change_words(editing, count.value, [](std::string_view text) { return change_case(text, LetterCase::lower); });
}

EditRequest capitalize_word(Editing& editing, Count count) { return change_words(editing, count.value, capitalize); }

EditRequest last_argument(Editing& editing, Count count) {
  const bool again = editing.latest() == Editing::Kind::last_argument;
  const std::size_t before = again ? editing.argument_line : editing.lines.position();
  if (again) editing.set_kind(Editing::Kind::last_argument);
  if (before == 0 || before > editing.lines.newest()) return EditRequest::beep;
  if (!again) editing.argument_count = count;
  const std::string line(editing.lines.line(before - 1));
  const auto argument = argument_of(line, editing.argument_count);
  if (!again && !argument) return EditRequest::beep;
  if (!again) editing.yank_begin = editing.cursor();
  editing.argument_line = before - 1;
  editing.set_kind(Editing::Kind::last_argument);
  editing.lines.current().begin_group();
  editing.lines.current().replace(editing.yank_begin, editing.cursor(), argument.value_or(""));
  editing.lines.current().end_group();
  return argument ? EditRequest::none : EditRequest::beep;
}

EditRequest nth_argument(Editing& editing, Count count) {
  const auto argument = argument_before(editing, count.given ? count : Count{1, true});
  if (!argument) return EditRequest::beep;
  editing.lines.current().begin_group();
  const EditRequest request = editing.insert(*argument);
  editing.lines.current().end_group();
  return request;
}

}  // namespace wscope::term::commands
