// How much room text takes on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace wscope::term {

/// What a terminal shows in a place of its own: a grapheme cluster (UAX #29), or a byte that is no UTF-8.
///
/// Terminals agree about plain letters, CJK, combining marks, and emoji of one code point. They do not about sequences
/// with a joiner, skin tones, flags, emoji presentation (U+FE0F), spacing marks, and what is newer than they are: for
/// these `agreed` is false, `width` is what a terminal that knows clusters uses, and whoever paints them says
/// afterwards in which column to go on.
struct Cluster {
  std::string_view bytes;  ///< not empty; into what was asked about
  unsigned width = 0;      ///< columns: 0, 1 or 2
  bool agreed = true;      ///< whether terminals agree about `width`
};

/// The first cluster of `text`, which is not empty. Control characters are clusters of width 0, each by itself, as are
/// marks and format characters with nothing to stand on. A byte that is no UTF-8 is one of width 1.
[[nodiscard]] Cluster first_cluster(std::string_view text) noexcept;
/// Where the cluster that ends at `position` (> 0, a boundary) begins.
[[nodiscard]] std::size_t previous_boundary(std::string_view text, std::size_t position) noexcept;
/// Columns that `text` takes, without control characters and escape sequences.
[[nodiscard]] std::size_t width_of(std::string_view text) noexcept;
/// Bytes of the escape sequence at the beginning of `text`, as far as it goes; 0 if there is none.
[[nodiscard]] std::size_t escape_sequence_size(std::string_view text) noexcept;

}  // namespace wscope::term
