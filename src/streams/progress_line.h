// How far something long has come, for a person who looks on.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace wscope::streams {

/// A line on a terminal that is written again and again, four times a second, with the cursor left at its beginning, so
/// that whatever is printed next takes its place. What is soon over has none.
///
/// It holds no descriptor: whoever has it writes what show() and clear() return to stderr, in order with all else that
/// is said there, and has none if stderr is no terminal (see on_terminal()).
class ProgressLine {
 public:
  /// Whether stderr is a terminal.
  [[nodiscard]] static bool on_terminal() noexcept;

  /// Whether it is time to show() how far it is. The first call is the beginning.
  [[nodiscard]] bool is_due(base::TimePoint now) noexcept;
  /// What puts `text`, which has no line feed, into the line.
  [[nodiscard]] std::string show(std::string_view text);
  /// What takes the line away; empty: there is none.
  [[nodiscard]] std::string clear();
  /// Since the beginning, in seconds.
  [[nodiscard]] double seconds(base::TimePoint now) const noexcept;

 private:
  bool begun_ = false;
  bool shown_ = false;
  base::TimePoint begin_{};
  base::TimePoint next_{};
};

}  // namespace wscope::streams
