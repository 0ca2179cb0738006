// The lines of a script that was read whole.
#pragma once

#include <cstddef>
#include <string>

namespace wscope::repl {

/// Takes a text apart, one line at a time, so that many short lines need no more memory than their text. Lines end with
/// LF or CRLF, the last one perhaps with neither; empty ones say nothing and are left out.
class ScriptLines {
 public:
  /// `path` is what places begin with.
  ScriptLines(std::string path, std::string text);

  struct Line {
    std::string text;
    std::string place;  ///< "PATH:3: "
  };
  /// Whether there are no more.
  [[nodiscard]] bool empty() const noexcept { return position_ == text_.size(); }
  /// The next one, unless empty().
  [[nodiscard]] Line take();

 private:
  [[nodiscard]] std::size_t line_size() const noexcept;
  void skip_empty_lines() noexcept;

  std::string path_;
  std::string text_;
  std::size_t position_ = 0;  // of the next line that is not empty, or the end
  std::size_t number_ = 1;    // its number
};

}  // namespace wscope::repl
