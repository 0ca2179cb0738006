// Places in a text that editing keys go to. A place is a number of bytes from the beginning, at the edge of a grapheme
// cluster; those that are asked from must be such places, and not beyond the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wscope::term {

/// The first place at or after any byte position: a cluster is never taken apart.
[[nodiscard]] std::size_t place_from(std::string_view text, std::size_t position) noexcept;
/// A cluster on or back; stays at the ends of the text.
[[nodiscard]] std::size_t next_place(std::string_view text, std::size_t place) noexcept;
[[nodiscard]] std::size_t previous_place(std::string_view text, std::size_t place) noexcept;

/// Where the line of `place` begins, and where it ends (at its LF).
[[nodiscard]] std::size_t line_begin(std::string_view text, std::size_t place) noexcept;
[[nodiscard]] std::size_t line_end(std::string_view text, std::size_t place) noexcept;
/// The first place of the line that is not blank.
[[nodiscard]] std::size_t first_in_line(std::string_view text, std::size_t place) noexcept;
/// The columns that what is before `place` in its line is shown in (see Glyph), on a screen where no line wraps.
[[nodiscard]] std::size_t column_of(std::string_view text, std::size_t place);
/// The last place in the line of `place` that has no more than `column` columns before it.
[[nodiscard]] std::size_t at_column(std::string_view text, std::size_t place, std::size_t column);

/// The end of the word of letters and digits that goes on or comes next, and the beginning of the one before.
[[nodiscard]] std::size_t word_end(std::string_view text, std::size_t place) noexcept;
[[nodiscard]] std::size_t word_begin(std::string_view text, std::size_t place) noexcept;
/// The beginning of the word before that is bounded by blanks.
[[nodiscard]] std::size_t blank_word_begin(std::string_view text, std::size_t place) noexcept;

/// What vi calls words: letters, digits and '_', or other characters; WORDS are bounded by blanks alone.
enum class ViWord : std::uint8_t { word, big };

/// As w, b and e go; `e` gives the last cluster of a word.
[[nodiscard]] std::size_t vi_next_word(std::string_view text, std::size_t place, ViWord kind) noexcept;
[[nodiscard]] std::size_t vi_previous_word(std::string_view text, std::size_t place, ViWord kind) noexcept;
[[nodiscard]] std::size_t vi_word_last(std::string_view text, std::size_t place, ViWord kind) noexcept;
/// The end of the run of like characters that `place` is in.
[[nodiscard]] std::size_t vi_run_end(std::string_view text, std::size_t place, ViWord kind) noexcept;

/// The next cluster like `wanted` on the line, after `place` or before it, or the one that comes so many `times` on.
[[nodiscard]] std::optional<std::size_t> find_on(std::string_view text, std::size_t place, std::string_view wanted,
                                                 int times = 1);
[[nodiscard]] std::optional<std::size_t> find_back(std::string_view text, std::size_t place, std::string_view wanted,
                                                   int times = 1);
/// The bracket that belongs to the first one from `place` on in the line.
[[nodiscard]] std::optional<std::size_t> matching_bracket(std::string_view text, std::size_t place) noexcept;

}  // namespace wscope::term
