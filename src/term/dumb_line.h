// A line being typed on a terminal that can do nothing but print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wscope::term {

/// Keeps an input in one row, whose last column stays empty, with nothing but text, spaces, CR and backspaces. What
/// does not fit scrolls sideways; line feeds are shown as ^J.
class DumbLine {
 public:
  /// The bytes that show the input, of which `cursor` bytes are before the cursor, in place of what was there.
  [[nodiscard]] std::string paint(std::string_view prompt, std::string_view text, std::size_t cursor, unsigned columns);
  /// The bytes that erase it.
  [[nodiscard]] std::string erase();
  /// It stays where it is, and the cursor is elsewhere now.
  void forget() noexcept;

 private:
  std::size_t first_ = 0;  // of the text: what is left of it has been scrolled out
  std::string shown_{};
  unsigned width_ = 0;   // of shown_
  unsigned behind_ = 0;  // columns of shown_ behind the cursor
};

/// `text` without escape sequences.
[[nodiscard]] std::string without_colours(std::string_view text);

}  // namespace wscope::term
