#include "term/emacs_keys.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "term/bindings.h"
#include "term/edit_commands.h"
#include "term/key_code.h"
#include "term/motions.h"
#include "term/word_commands.h"

namespace wscope::term {
namespace {

using commands::Command;
using key_code::alt;
using key_code::control;
using key_code::of;
using key_code::with_alt;
using key_code::with_both;
using key_code::with_control;
using Name = Key::Name;

constexpr std::array bindings = {
    Binding{with_control('a'), commands::to_line_begin},
    Binding{of(Name::home), commands::to_line_begin},
    Binding{with_control('e'), commands::to_line_end},
    Binding{of(Name::end), commands::to_line_end},
    Binding{with_control('b'), commands::backward_character},
    Binding{of(Name::left), commands::backward_character},
    Binding{with_control('f'), commands::forward_character},
    Binding{of(Name::right), commands::forward_character},
    Binding{with_alt('b'), commands::backward_word},
    Binding{of(Name::left) | control, commands::backward_word},
    Binding{of(Name::left) | alt, commands::backward_word},
    Binding{with_alt('f'), commands::forward_word},
    Binding{of(Name::right) | control, commands::forward_word},
    Binding{of(Name::right) | alt, commands::forward_word},
    Binding{with_control('p'), commands::up},
    Binding{of(Name::up), commands::up},
    Binding{with_control('n'), commands::down},
    Binding{of(Name::down), commands::down},
    Binding{of(Name::page_up), commands::previous_entry},
    Binding{of(Name::page_down), commands::next_entry},
    Binding{with_alt('<'), commands::first_entry},
    Binding{with_alt('>'), commands::newest_line},
    Binding{with_alt('p'), commands::search_back},
    Binding{with_alt('n'), commands::search_on},
    Binding{with_control('o'), commands::accept_and_get_next},
    Binding{with_control('@'), commands::set_mark},
    Binding{with_alt(' '), commands::set_mark},
    Binding{with_control('d'), commands::delete_or_end},
    Binding{of(Name::del), commands::delete_forward},
    Binding{with_control('h'), commands::delete_backward},
    Binding{of(Name::backspace), commands::delete_backward},
    Binding{with_alt('d'), commands::kill_word},
    Binding{of(Name::del) | control, commands::kill_word},
    Binding{of(Name::del) | alt, commands::kill_word},
    Binding{of(Name::backspace) | alt, commands::kill_word_back},
    Binding{of(Name::backspace) | control, commands::kill_word_back},
    Binding{with_both('h'), commands::kill_word_back},
    Binding{with_control('w'), commands::kill_blank_word_back},
    Binding{with_control('k'), commands::kill_line},
    Binding{with_control('u'), commands::kill_line_back},
    Binding{with_alt('\\'), commands::delete_blanks},
    Binding{with_control('y'), commands::yank},
    Binding{with_alt('y'), commands::yank_pop},
    Binding{with_both('y'), commands::nth_argument},
    Binding{with_alt('.'), commands::last_argument},
    Binding{with_alt('_'), commands::last_argument},
    Binding{with_control('_'), commands::undo},
    Binding{with_control('/'), commands::undo},
    Binding{with_alt('r'), commands::undo_all},
    Binding{with_control('t'), commands::transpose_characters},
    Binding{with_alt('t'), commands::transpose_words},
    Binding{with_alt('u'), commands::upper_case_word},
    Binding{with_alt('l'), commands::lower_case_word},
    Binding{with_alt('c'), commands::capitalize_word},
    Binding{of(Name::insert), commands::toggle_overwrite},
    Binding{of(Name::enter) | alt, commands::insert_line_feed},
    Binding{with_both('j'), commands::insert_line_feed},
    Binding{of(Name::tab), commands::complete},
    Binding{with_control('i'), commands::complete},
    Binding{with_alt('?'), commands::list},
    Binding{with_alt('='), commands::list},
    Binding{with_control('l'), commands::clear_screen},
};

constexpr std::array after_control_x = {
    Binding{with_control('u'), commands::undo},
    Binding{with_control('e'), commands::edit},
    Binding{with_control('x'), commands::exchange_mark},
    Binding{of(Name::backspace), commands::kill_line_back},
};

bool is_digit(const Key& key) noexcept {
  return key.name == Name::character && key.text.size() == 1 && key.text[0] >= '0' && key.text[0] <= '9';
}

// Letters with Alt are the same in both cases.
void to_lower_case(Key& key) noexcept {
  if (key.text.size() != 1 || key.text[0] < 'A' || key.text[0] > 'Z') return;
  key.text[0] = static_cast<char>(key.text[0] + ('a' - 'A'));
}

}  // namespace

void EmacsKeys::reset() noexcept {
  prefix_ = Prefix::none;
  argument_.reset();
}

std::string EmacsKeys::status() const {
  if (!argument_) return {};
  return fmt::format("(arg: {}{}) ", argument_->negative ? "-" : "", argument_->digits.value_or(1));
}

bool EmacsKeys::take_argument(const Key& key) noexcept {
  const bool begins = key.alt && !key.control;
  const bool goes_on = argument_ && !key.alt && !key.control;
  if (!begins && !goes_on) return false;
  if (is_digit(key)) {
    if (!argument_) argument_ = Argument{};
    const int digits = argument_->digits.value_or(0) * 10 + (key.text[0] - '0');
    argument_->digits = std::min(digits, Count::most);
    return true;
  }
  const bool is_minus = key.name == Name::character && key.text == "-";
  if (!is_minus || (argument_ && argument_->digits)) return false;
  argument_ = Argument{true, std::nullopt};
  return true;
}

Count EmacsKeys::take_count() noexcept {
  const std::optional<Argument> argument = std::exchange(argument_, std::nullopt);
  if (!argument) return {};
  const int value = argument->digits.value_or(1);
  return {argument->negative ? -value : value, true};
}

EditRequest EmacsKeys::receive(Editing& editing, IncrementalSearch& search, Key key) {
  const Prefix prefix = std::exchange(prefix_, Prefix::none);
  if (prefix == Prefix::escape) {
    if (key.name == Name::escape) {
      reset();
      return EditRequest::beep;
    }
    key.alt = true;
  } else if (prefix == Prefix::quoted && is_text(key)) {
    return editing.type(key.text, take_count().value);
  } else if (prefix != Prefix::none && prefix != Prefix::quoted && key.name != Name::paste) {
    return handle_prefixed(editing, prefix, key);
  }
  if (key.alt) to_lower_case(key);
  if (take_argument(key)) {
    editing.keep_kind();
    return EditRequest::none;
  }
  return run(editing, search, key);
}

EditRequest EmacsKeys::handle_prefixed(Editing& editing, Prefix prefix, const Key& key) {
  const Count count = take_count();
  const KeyCode code = key_code::of(key);
  if (prefix == Prefix::control_x) {
    const Command found = find(after_control_x, code);
    return found == nullptr ? EditRequest::beep : found(editing, count);
  }
  if (!is_text(key)) return EditRequest::beep;
  const bool back = (prefix == Prefix::find_back) != (count.value < 0);
  const int times = std::abs(count.value);
  const auto found = back ? find_back(editing.text(), editing.cursor(), key.text, times)
                          : find_on(editing.text(), editing.cursor(), key.text, times);
  return found ? editing.go_to(*found) : EditRequest::beep;
}

EditRequest EmacsKeys::run(Editing& editing, IncrementalSearch& search, const Key& key) {
  const KeyCode code = key_code::of(key);
  const auto waits = [&](Prefix prefix) {
    prefix_ = prefix;
    editing.keep_kind();
    return EditRequest::none;
  };
  if (key.name == Name::escape) return waits(Prefix::escape);
  if (code == with_control('x')) return waits(Prefix::control_x);
  if (code == with_control(']')) return waits(Prefix::find_on);
  if (code == with_both(']')) return waits(Prefix::find_back);
  if (code == with_control('v') || code == with_control('q')) {
    prefix_ = Prefix::quoted;
    return EditRequest::quote_next;
  }
  const Count count = take_count();
  if (is_text(key)) return editing.type(key.text, count.value);
  if (key.name == Name::paste) return editing.insert(key.text);
  if (search.begin(editing, key)) return EditRequest::none;
  if (const Command found = find(bindings, code)) return found(editing, count);
  return is_enter(key) ? commands::accept(editing, count) : EditRequest::beep;
}

}  // namespace wscope::term
