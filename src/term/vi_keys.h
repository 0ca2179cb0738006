// The keys of readline's vi mode.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "term/editing.h"
#include "term/incremental_search.h"
#include "term/key.h"
#include "term/vi_command.h"
#include "term/vi_search.h"

namespace wscope::term {

/// Insert mode at first. A letter with Alt is Escape and the letter: it cannot be told apart from one typed quickly.
class ViKeys {
 public:
  [[nodiscard]] EditRequest receive(Editing& editing, IncrementalSearch& search, const Key& key);
  /// To insert mode; forgets what is half typed.
  void reset(Editing& editing) noexcept;

  [[nodiscard]] const ViSearch& search() const noexcept { return search_; }
  void cancel_search() noexcept { search_.cancel(); }
  /// In command mode the cursor is on a character, if the line has any.
  void keep_on_character(Editing& editing) const noexcept;
  /// A count or the beginning of a search, in place of the prompt.
  [[nodiscard]] std::string status() const;

 private:
  [[nodiscard]] EditRequest insert(Editing& editing, IncrementalSearch& search, const Key& key);
  [[nodiscard]] EditRequest command(Editing& editing, IncrementalSearch& search, const Key& key);
  [[nodiscard]] EditRequest other_command(Editing& editing, IncrementalSearch& search, const Key& key);
  [[nodiscard]] EditRequest overtype(Editing& editing, const std::string& text);
  [[nodiscard]] EditRequest restore_overtyped(Editing& editing);
  void leave_insert_mode(Editing& editing);
  [[nodiscard]] EditRequest complete(Editing& editing);
  void record(const Key& key);
  void end_recording();
  [[nodiscard]] EditRequest redo(Editing& editing, IncrementalSearch& search);

  /// What '.' does again: keys without counts, and the count.
  struct Change {
    std::vector<Key> keys{};
    Count count{};
  };

  /// What was typed over.
  struct Overtyped {
    std::size_t begin = 0;
    std::size_t typed = 0;  ///< bytes in the place of `text`
    std::string text{};
  };

  /// What goes on since a command as i: on Escape it is there so often.
  struct Insertion {
    std::size_t begin = 0;
    int times = 1;
  };

  bool command_mode_ = false;
  bool records_ = false;  // what insert mode was entered by, and what is typed in it
  bool replays_ = false;
  ViCommand command_;
  ViSearch search_;
  Change current_;
  Change latest_;
  Insertion insertion_;
  std::vector<Overtyped> overtyped_;  // since the cursor came here, the latest last
};

}  // namespace wscope::term
