// Looking for a line while typing what is in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "term/editing.h"
#include "term/key.h"

namespace wscope::term {

/// Ctrl-R and Ctrl-S as in readline: the line that is found becomes the current one, with the cursor at the match.
/// Ctrl-W and Ctrl-Y look for the word or the line that goes on there, Escape and Ctrl-J stay with what was found.
class IncrementalSearch {
 public:
  [[nodiscard]] bool active() const noexcept { return active_; }
  /// Begins if the key is Ctrl-R or Ctrl-S; false if it is another one.
  [[nodiscard]] bool begin(const Editing& editing, const Key& key);
  /// A key while it is active; nothing if the key has ended the search and is to act as it always does.
  [[nodiscard]] std::optional<EditRequest> receive(Editing& editing, const Key& key);
  /// What was found stays.
  void end();
  /// In place of the prompt; empty unless active.
  [[nodiscard]] std::string status() const;

 private:
  EditRequest add(Editing& editing, std::string_view text);
  EditRequest repeat(Editing& editing, SearchDirection direction);
  EditRequest search(Editing& editing);
  [[nodiscard]] bool find_in(std::string_view line) noexcept;
  EditRequest abort(Editing& editing);

  bool active_ = false;
  bool failed_ = false;
  SearchDirection direction_ = SearchDirection::back;
  std::string pattern_;
  std::string last_pattern_;
  std::size_t line_ = 0;  // where the latest match is, and
  std::size_t from_ = 0;  // at which byte; npos is before the beginning
  std::size_t original_line_ = 0;
  std::size_t original_cursor_ = 0;
};

}  // namespace wscope::term
