// A text on the rows of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::term {

/// One thing of a text as it is shown: a cluster, a tab as blanks, another control character as ^A, a byte that is no
/// UTF-8 as \xHH, a code point of a cluster without width as \u{HEX}, or an escape sequence, which takes no room.
struct Glyph {
  std::string_view source{};  ///< not empty; into the text
  std::string shown{};
  unsigned width = 0;    ///< columns
  bool agreed = true;    ///< see Cluster
  bool spelled = false;  ///< in ASCII, which may be broken between rows
  bool ends_row = false;
};

/// The first glyph of `text`, which is not empty, in a screen of `columns`. Escape sequences are no glyphs: ^[ is.
[[nodiscard]] Glyph first_glyph(std::string_view text, unsigned columns);

/// What one row shows. Values, so that they can be compared with what the screen has.
struct Row {
  /// What one position of it shows.
  struct Cell {
    std::string shown{};
    unsigned width = 1;
    bool agreed = true;
    bool operator==(const Cell&) const = default;
  };
  std::vector<Cell> cells{};
  unsigned width = 0;  ///< of all cells
  bool wraps = false;  ///< the text goes on in the next row because this one is full
  bool operator==(const Row&) const = default;
};

/// A prompt and a text behind it, wrapped at a width. It remembers where rows begin: after a change, only what is
/// behind it is laid out again, and only as far as it is asked about. There is always one row. Where the last row is
/// full, an empty one follows: the cursor can be there.
class Layout {
 public:
  /// The escape sequences in `prompt` take no room. `columns` > 0.
  void set(std::string_view prompt, std::string_view text, unsigned columns);

  struct Place {
    std::size_t row = 0;
    unsigned column = 0;
    bool operator==(const Place&) const = default;
  };
  /// Where the cursor is with `cursor` bytes of the text before it; at the beginning of what it is in.
  [[nodiscard]] Place place_of(std::size_t cursor);
  [[nodiscard]] bool has_row(std::size_t index);
  /// has_row(index).
  [[nodiscard]] Row row(std::size_t index);

 private:
  // Where a row begins: within a glyph that is spelled out if `shown` > 0.
  struct Start {
    std::size_t offset = 0;
    unsigned shown = 0;
  };
  [[nodiscard]] Glyph glyph_at(std::size_t offset) const;
  // Lays out the row that begins at `start`, but nothing of what reaches beyond `end`.
  struct Laid {
    Start next{};
    unsigned width = 0;
    bool has_next = false;
    bool wraps = false;
  };
  static unsigned put(const Glyph& glyph, unsigned shown, unsigned room, Row* row);
  [[nodiscard]] Laid lay(Start start, std::size_t end, Row* row) const;
  // Knows the beginning of row `index`, or of all rows there are.
  void reach(std::size_t index);

  std::string content_{};  // the prompt and the text
  std::size_t prompt_size_ = 0;
  unsigned columns_ = 0;
  std::vector<Start> starts_{};
  bool complete_ = false;  // starts_ has all rows
};

}  // namespace wscope::term
