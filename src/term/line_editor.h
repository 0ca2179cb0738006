// Editing a line, or a text of several, as readline does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "term/editing.h"
#include "term/emacs_keys.h"
#include "term/history.h"
#include "term/incremental_search.h"
#include "term/key.h"
#include "term/vi_keys.h"

namespace wscope::term {

enum class Keymap : std::uint8_t { emacs, vi };

/// A machine: keys in, text and cursor out. It draws nothing and reads nothing.
///
/// Emacs keys: those of readline for motion, mark, kill ring with yank and yank-pop, undo, transpose, case, numeric
/// arguments, history, incremental search in both directions, Alt-. for the last argument, Ctrl-O, Ctrl-V, Ctrl-X
/// Ctrl-E; none of its macros, and Alt-P and Alt-N are its history-search-backward and -forward. vi keys: insert and
/// command mode with readline's motions, marks, operators, counts (of insertions as in vi), registerless yank and put,
/// `.`, `u`, `/`, `n`, `v`, Tab and `\`.
/// Characters are grapheme clusters: the cursor is never within one. Alt-Enter makes a line feed; up and down move
/// within a text of several lines and, from its first and last, through the history. Edits of history entries are kept
/// until a line is accepted.
class LineEditor {
 public:
  /// `history` outlives it.
  explicit LineEditor(const History& history, Keymap keymap = Keymap::emacs);

  void set_keymap(Keymap keymap);

  /// What a key asks the owner for, beyond what it did to the text.
  using Request = EditRequest;
  [[nodiscard]] Request receive(const Key& key);

  /// What is being edited: UTF-8 but for bytes that came as none, with LF between lines. Or a pattern to search for
  /// (vi); valid until the next call that is not const.
  [[nodiscard]] std::string_view text() const noexcept;
  /// Bytes before the cursor.
  [[nodiscard]] std::size_t cursor() const noexcept;
  /// What stands in place of the prompt, if anything: a search, a numeric argument.
  [[nodiscard]] const std::string& status() const noexcept;

  /// Replaces the text between two cursors, as one edit that can be undone; the cursor is behind it then.
  void replace(std::size_t begin, std::size_t end, std::string_view text);
  /// Replaces all of it.
  void set_text(std::string_view text);
  /// Ends a search and what else is under way, and goes to insert mode; the text stays as it is (Ctrl-C begins so).
  void settle();
  /// Begins anew with nothing, or with the entry that Ctrl-O has asked for. The kill ring stays.
  void reset();

 private:
  void update_status();

  const History* history_;
  Keymap keymap_;
  Editing editing_;
  IncrementalSearch search_;
  EmacsKeys emacs_;
  ViKeys vi_;
  std::string status_;
};

}  // namespace wscope::term
