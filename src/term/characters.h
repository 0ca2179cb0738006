// What the characters of a text are, as far as editing cares. No locale decides it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wscope::term {

/// A code point of a text, or a byte of it that is no UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;  ///< in bytes
  bool valid = false;      ///< else `value` is the byte
};

/// The first of `text`, which is not empty.
[[nodiscard]] CodePoint first_code_point(std::string_view text) noexcept;
/// The UTF-8 of a code point.
[[nodiscard]] std::string encode(char32_t value);

enum class CharacterClass : std::uint8_t { blank, word, other };

/// What the character is that `text`, which is not empty, begins with: a blank (LF too), a letter or digit of any
/// script, or something else.
[[nodiscard]] CharacterClass first_class(std::string_view text) noexcept;

enum class LetterCase : std::uint8_t { upper, lower };

/// `text` with its letters in upper or lower case, where one code point has it.
[[nodiscard]] std::string change_case(std::string_view text, LetterCase to);
/// `text` with each letter in the case that it is not in.
[[nodiscard]] std::string swap_case(std::string_view text);

/// `text` for a prompt: control characters as ^A, bytes that are no UTF-8 as \xHH.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace wscope::term
