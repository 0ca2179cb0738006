// Looking for a line of the history as vi does.
#pragma once

#include <optional>
#include <string>

#include "term/editing.h"
#include "term/key.h"

namespace wscope::term {

/// `/` and `?` with the pattern that is typed behind them, n and N. The pattern is text, with `^` at its beginning the
/// beginning of a line's text; an empty one is the one before.
class ViSearch {
 public:
  /// Whether a pattern is being typed.
  [[nodiscard]] bool reads() const noexcept { return reads_; }
  [[nodiscard]] const std::string& pattern() const noexcept { return pattern_; }
  /// "/" or "?", in place of the prompt.
  [[nodiscard]] std::string status() const;

  void begin(SearchDirection direction);
  /// A key of the pattern.
  [[nodiscard]] EditRequest receive(Editing& editing, const Key& key);
  void cancel() noexcept { reads_ = false; }
  /// The next match in the direction of the latest search, or in the other one.
  [[nodiscard]] EditRequest again(Editing& editing, bool reversed) const;

 private:
  [[nodiscard]] bool matches(std::string_view line) const noexcept;

  bool reads_ = false;
  SearchDirection direction_ = SearchDirection::back;
  std::string pattern_;
  std::string wanted_;
};

}  // namespace wscope::term
