// A text with a cursor, and what was done to it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "term/undo.h"

namespace wscope::term {

/// The cursor is never within a grapheme cluster, also when an edit makes one of two.
class LineBuffer {
 public:
  /// No edit makes a text longer than this: 64 MiB.
  static constexpr std::size_t most = std::size_t{64} << 20U;

  LineBuffer() = default;
  /// With the cursor at its end; nothing to undo.
  explicit LineBuffer(std::string_view text) : text_(text), cursor_(text.size()) {}

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::size_t cursor() const noexcept { return cursor_; }
  /// Also from within a cluster or from beyond the end: to the next place there is.
  void move_to(std::size_t position) noexcept;

  /// A place to come back to; no edit moves it, but it is a place always. At first the beginning.
  [[nodiscard]] std::size_t mark() const noexcept;
  void set_mark(std::size_t position) noexcept { mark_ = position; }

  /// Replaces what is between two positions; the cursor is behind it then. False if it would be too long. `text` may
  /// not be a view into this buffer.
  bool replace(std::size_t begin, std::size_t end, std::string_view text);

  /// False if there is nothing to undo.
  bool undo();
  bool undo_all();
  [[nodiscard]] bool changed() const noexcept { return !undo_.empty(); }
  /// Edits until end_group() are undone as one; there is one level.
  void begin_group() noexcept { undo_.begin_group(); }
  void end_group() noexcept { undo_.end_group(); }

 private:
  std::string text_;
  std::size_t cursor_ = 0;
  std::size_t mark_ = 0;
  UndoLog undo_;
};

}  // namespace wscope::term
