// A person at the keyboard of a line editor.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "term/cells.h"
#include "term/characters.h"
#include "term/line_editor.h"

namespace wscope::test {

/// The key that `name` is: "a", "C-a", "M-f", "C-M-h", "Enter", "M-Left".
inline term::Key key(std::string_view name) {
  using Name = term::Key::Name;
  static const std::map<std::string_view, Name> names = {{"Enter", Name::enter},    {"Tab", Name::tab},
                                                         {"Esc", Name::escape},     {"BS", Name::backspace},
                                                         {"Del", Name::del},        {"Ins", Name::insert},
                                                         {"Up", Name::up},          {"Down", Name::down},
                                                         {"Left", Name::left},      {"Right", Name::right},
                                                         {"Home", Name::home},      {"End", Name::end},
                                                         {"PageUp", Name::page_up}, {"PageDown", Name::page_down},
                                                         {"Unknown", Name::unknown}};
  term::Key made;
  for (; name.size() > 2 && name[1] == '-'; name.remove_prefix(2)) (name[0] == 'C' ? made.control : made.alt) = true;
  const auto found = names.find(name);
  made.name = found == names.end() ? Name::character : found->second;
  if (found == names.end()) made.text = name == "lt" ? "<" : name == "gt" ? ">" : name;
  return made;
}

inline term::Key pasted(std::string_view text) {
  term::Key made;
  made.name = term::Key::Name::paste;
  made.text = text;
  return made;
}

/// The keys of a text in which <NAME> is a key by its name and all else characters.
inline std::vector<term::Key> keys(std::string_view text) {
  std::vector<term::Key> made;
  while (!text.empty()) {
    const std::size_t end = text[0] == '<' ? text.find('>', 2) : std::string_view::npos;
    const std::size_t size = end == std::string_view::npos ? term::first_code_point(text).length : end + 1;
    made.push_back(key(size == end + 1 ? text.substr(1, size - 2) : text.substr(0, size)));
    text.remove_prefix(size);
  }
  return made;
}

/// `text` with a bar where the cursor is.
inline std::string with_cursor(std::string_view text, std::size_t cursor) {
  return std::string(text.substr(0, cursor)) + "|" + std::string(text.substr(cursor));
}

struct Typist {
  using Request = term::LineEditor::Request;

  term::History history;
  term::LineEditor editor;

  explicit Typist(term::Keymap keymap = term::Keymap::emacs, std::initializer_list<std::string_view> entries = {})
      : editor(history, keymap) {
    for (const std::string_view entry : entries) history.add(entry);
  }
  Typist(const Typist&) = delete;
  Typist& operator=(const Typist&) = delete;

  /// What the last key asked for.
  Request press(std::string_view names) {
    Request request = Request::none;
    for (const term::Key& each : keys(names)) request = editor.receive(each);
    return request;
  }
  [[nodiscard]] std::string shown() const { return with_cursor(editor.text(), editor.cursor()); }
  /// What is shown after the keys.
  std::string after(std::string_view names) {
    press(names);
    return shown();
  }
};

/// What is shown after typing `names` into a new editor, vi or emacs.
inline std::string emacs(std::string_view names) { return Typist(term::Keymap::emacs).after(names); }
inline std::string vi(std::string_view names) { return Typist(term::Keymap::vi).after(names); }

}  // namespace wscope::test
