#include "term/vi_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "term/bindings.h"
#include "term/characters.h"
#include "term/edit_commands.h"
#include "term/key_code.h"
#include "term/motions.h"
#include "term/word_commands.h"

namespace wscope::term {
namespace {

using commands::Command;
using key_code::alt;
using key_code::character;
using key_code::control;
using key_code::of;
using key_code::with_both;
using key_code::with_control;
using Name = Key::Name;

constexpr std::size_t npos = std::string_view::npos;

EditRequest end_if_empty(Editing& editing, Count /*count*/) {
  return editing.text().empty() ? EditRequest::end : EditRequest::beep;
}

// Entries that k and j bring are edited from their beginning, the new line from its end.
EditRequest in_command_mode(Editing& editing, Count count, Command move) {
  const std::size_t position = editing.lines.position();
  const EditRequest request = move(editing, count);
  const bool is_entry = editing.lines.position() != editing.lines.newest();
  if (is_entry && editing.lines.position() != position) editing.move_to(0);
  return request;
}
EditRequest up(Editing& editing, Count count) { return in_command_mode(editing, count, commands::up); }
EditRequest down(Editing& editing, Count count) { return in_command_mode(editing, count, commands::down); }
EditRequest older(Editing& editing, Count count) { return in_command_mode(editing, count, commands::previous_entry); }
EditRequest newer(Editing& editing, Count count) { return in_command_mode(editing, count, commands::next_entry); }

EditRequest to_entry(Editing& editing, Count count) {
  const auto wanted = static_cast<std::size_t>(std::max(count.value, 1) - 1);
  if (wanted >= editing.lines.newest()) return EditRequest::beep;
  editing.lines.go_to(wanted);
  editing.move_to(0);
  return EditRequest::none;
}

EditRequest kill_vi_word_back(Editing& editing, Count count) {
  const auto back = [](std::string_view text, std::size_t at) { return vi_previous_word(text, at, ViWord::word); };
  return editing.kill_to(repeat(editing.text(), editing.cursor(), count.value, back));
}

Key named(Name name) {
  Key key;
  key.name = name;
  return key;
}

Key typed(std::string_view text) {
  Key key = named(Name::character);
  key.text = text;
  return key;
}

// In both modes.
constexpr std::array shared = {
    Binding{of(Name::home), commands::to_line_begin},
    Binding{of(Name::end), commands::to_line_end},
    Binding{of(Name::left), commands::backward_character},
    Binding{of(Name::right), commands::forward_character},
    Binding{of(Name::left) | control, commands::backward_word},
    Binding{of(Name::left) | alt, commands::backward_word},
    Binding{of(Name::right) | control, commands::forward_word},
    Binding{of(Name::right) | alt, commands::forward_word},
    Binding{of(Name::del), commands::delete_forward},
    Binding{with_control('d'), end_if_empty},
    Binding{with_control('w'), kill_vi_word_back},
    Binding{with_control('u'), commands::kill_line_back},
    Binding{with_control('y'), commands::yank},
    Binding{with_control('t'), commands::transpose_characters},
    Binding{with_control('_'), commands::undo},
    Binding{with_control('/'), commands::undo},
    Binding{with_control('l'), commands::clear_screen},
};

constexpr std::array in_insert_mode = {
    Binding{of(Name::up), commands::up},
    Binding{of(Name::down), commands::down},
    Binding{with_control('p'), commands::up},
    Binding{with_control('n'), commands::down},
    Binding{of(Name::page_up), commands::previous_entry},
    Binding{of(Name::page_down), commands::next_entry},
    Binding{of(Name::backspace) | alt, commands::kill_word_back},
    Binding{of(Name::backspace) | control, commands::kill_word_back},
    Binding{of(Name::insert), commands::toggle_overwrite},
    Binding{of(Name::enter) | alt, commands::insert_line_feed},
    Binding{with_both('j'), commands::insert_line_feed},
    Binding{of(Name::tab), commands::complete},
    Binding{with_control('i'), commands::complete},
    Binding{with_control('v'), commands::quote_next},
    Binding{with_control('q'), commands::quote_next},
};

constexpr std::array in_commands = {
    Binding{of(Name::up), up},
    Binding{character('k'), up},
    Binding{character('-'), up},
    Binding{of(Name::down), down},
    Binding{character('j'), down},
    Binding{character('+'), down},
    Binding{with_control('p'), older},
    Binding{with_control('n'), newer},
    Binding{of(Name::page_up), older},
    Binding{of(Name::page_down), newer},
    Binding{character('G'), to_entry},
    Binding{character('u'), commands::undo},
    Binding{character('U'), commands::undo_all},
    Binding{character('='), commands::list},
    Binding{character('v'), commands::edit},
    Binding{of(Name::backspace), commands::backward_character},
    Binding{with_control('h'), commands::backward_character},
    Binding{with_control('k'), commands::kill_line},
};

}  // namespace

void ViKeys::reset(Editing& editing) noexcept {
  command_mode_ = records_ = false;
  insertion_ = {};
  command_.forget_marks();
  editing.overwrites = false;
  overtyped_.clear();
  editing.lines.current().end_group();
  command_.reset();
  search_.cancel();
}

void ViKeys::keep_on_character(Editing& editing) const noexcept {
  const std::size_t cursor = editing.cursor();
  if (!command_mode_ || cursor == line_begin(editing.text(), cursor)) return;
  if (cursor == line_end(editing.text(), cursor)) editing.move_to(previous_place(editing.text(), cursor));
}

std::string ViKeys::status() const {
  if (search_.reads()) return search_.status();
  const auto count = command_.typed_count();
  return count ? fmt::format("(arg: {}) ", *count) : std::string();
}

EditRequest ViKeys::receive(Editing& editing, IncrementalSearch& search, const Key& key) {
  if (search_.reads()) return search_.receive(editing, key);
  if (key.alt && !key.control && (command_mode_ || key.name == Name::character)) {
    Key plain = key;
    plain.alt = false;
    if (key.name == Name::character || key.name == Name::enter) {
      (void)receive(editing, search, named(Name::escape));
      return receive(editing, search, plain);
    }
  }
  return command_mode_ ? command(editing, search, key) : insert(editing, search, key);
}

void ViKeys::record(const Key& key) {
  if (!replays_) current_.keys.push_back(key);
}

// A change that inserts nothing is none to repeat.
void ViKeys::end_recording() {
  const bool is_nothing = current_.keys.size() == 1 && std::string_view("iIaAR").find(current_.keys[0].text) != npos;
  if (records_ && !replays_ && !is_nothing) {
    record(named(Name::escape));
    latest_ = std::exchange(current_, {});
  }
  records_ = false;
}

EditRequest ViKeys::insert(Editing& editing, IncrementalSearch& search, const Key& key) {
  LineBuffer& line = editing.lines.current();
  line.begin_group();
  const KeyCode code = of(key);
  const bool is_escape = key.name == Name::escape;
  const bool is_edit = is_text(key) || key.name == Name::paste || is_backspace(key) || code == with_control('w') ||
                       code == with_control('u');
  if (is_escape) {
    leave_insert_mode(editing);
    return EditRequest::none;
  }
  if (!is_edit) {
    end_recording();  // what is typed elsewhere is another change
    insertion_.times = 1;
  } else if (!records_ && !replays_) {
    // A new line begins as if with "i".
    current_ = {{typed("i")}, {}};
    records_ = true;
  }
  if (is_edit) record(key);
  insertion_.begin = std::min(insertion_.begin, editing.cursor());
  if (is_text(key)) return editing.overwrites ? overtype(editing, key.text) : editing.insert(key.text);
  if (is_backspace(key) && editing.overwrites) return restore_overtyped(editing);
  overtyped_.clear();
  if (is_backspace(key)) return commands::delete_backward(editing, {});
  if (key.name == Name::paste) return editing.insert(key.text);
  if (search.begin(editing, key)) return EditRequest::none;
  if (const Command found = find(in_insert_mode, code)) return found(editing, {});
  if (const Command found = find(shared, code)) return found(editing, {});
  return is_enter(key) ? commands::accept(editing, {}) : EditRequest::beep;
}

EditRequest ViKeys::overtype(Editing& editing, const std::string& text) {
  const std::size_t cursor = editing.cursor();
  const std::size_t end = std::min(next_place(editing.text(), cursor), line_end(editing.text(), cursor));
  Overtyped overtyped{cursor, text.size(), editing.text().substr(cursor, end - cursor)};
  const EditRequest request = editing.type(text);
  if (request == EditRequest::none) overtyped_.push_back(std::move(overtyped));
  return request;
}

// Backspace puts back what was there, and goes no farther than where the typing began.
EditRequest ViKeys::restore_overtyped(Editing& editing) {
  if (overtyped_.empty()) return EditRequest::beep;
  const Overtyped latest = std::move(overtyped_.back());
  overtyped_.pop_back();
  editing.lines.current().replace(latest.begin, latest.begin + latest.typed, latest.text);
  editing.move_to(latest.begin);
  return EditRequest::none;
}

void ViKeys::leave_insert_mode(Editing& editing) {
  command_mode_ = true;
  if (insertion_.times > 1 && insertion_.begin < editing.cursor()) {
    const std::string typed = editing.text().substr(insertion_.begin, editing.cursor() - insertion_.begin);
    (void)editing.insert(typed, insertion_.times - 1);
  }
  insertion_ = {};
  editing.overwrites = false;
  overtyped_.clear();
  editing.lines.current().end_group();
  end_recording();
  if (editing.cursor() > line_begin(editing.text(), editing.cursor())) {
    editing.move_to(previous_place(editing.text(), editing.cursor()));
  }
}

EditRequest ViKeys::command(Editing& editing, IncrementalSearch& search, const Key& key) {
  if (key.name == Name::paste) {
    command_.reset();
    const EditRequest request = editing.insert(key.text);
    keep_on_character(editing);
    return request;
  }
  if (!command_.waits() && of(key) == character('.')) return redo(editing, search);
  if (command_.idle()) current_.keys.clear();
  editing.lines.current().begin_group();
  const bool inserts_often = !command_.waits() && is_text(key) && std::string_view("iIaA").find(key.text) != npos;
  const ViCommand::Result result = command_.receive(editing, key);
  using Step = ViCommand::Step;
  if (result.step == Step::unknown) {
    editing.lines.current().end_group();
    return other_command(editing, search, key);
  }
  if (result.step != Step::count) record(key);
  if (result.step == Step::inserts) {
    command_mode_ = false;
    records_ = true;
    insertion_ = {editing.cursor(), inserts_often ? command_.latest_count().value : 1};
  } else {
    editing.lines.current().end_group();
    keep_on_character(editing);
  }
  if (!replays_ && (result.step == Step::inserts || result.step == Step::change)) {
    current_.count = command_.latest_count();
    if (result.step == Step::change) latest_ = std::exchange(current_, {});
  }
  return result.request;
}

EditRequest ViKeys::other_command(Editing& editing, IncrementalSearch& search, const Key& key) {
  const Count count = command_.take_count();
  const KeyCode code = of(key);
  if (is_enter(key)) return commands::accept(editing, count);
  if (search.begin(editing, key)) return EditRequest::none;
  if (code == of(Name::tab) || code == with_control('i') || code == character('\\')) return complete(editing);
  if (code == character('/') || code == character('?')) {
    search_.begin(code == character('/') ? SearchDirection::back : SearchDirection::on);
    return EditRequest::none;
  }
  if (code == character('n') || code == character('N')) return search_.again(editing, code == character('N'));
  Command found = find(in_commands, code);
  if (found == nullptr) found = find(shared, code);
  if (found == nullptr) return EditRequest::beep;
  const EditRequest request = found(editing, count);
  keep_on_character(editing);
  return request;
}

// What is to be completed is the word that the cursor is on, and insert mode goes on behind it.
EditRequest ViKeys::complete(Editing& editing) {
  const std::string& text = editing.text();
  const std::size_t cursor = editing.cursor();
  const bool is_blank =
      cursor == text.size() || first_class(std::string_view(text).substr(cursor)) == CharacterClass::blank;
  if (!is_blank) editing.move_to(vi_run_end(text, cursor, ViWord::big));
  command_mode_ = false;
  return commands::complete(editing, {});
}

EditRequest ViKeys::redo(Editing& editing, IncrementalSearch& search) {
  const Count count = command_.take_count();
  if (latest_.keys.empty() || replays_) return EditRequest::beep;
  if (count.given) latest_.count = count;
  command_.set_count(latest_.count);
  const std::vector<Key> keys = latest_.keys;
  replays_ = true;
  EditRequest request = EditRequest::none;
  for (const Key& key : keys) {
    const EditRequest each = receive(editing, search, key);
    if (each == EditRequest::beep) request = each;
  }
  replays_ = false;
  return request;
}

}  // namespace wscope::term
