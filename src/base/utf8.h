// Incremental validation of UTF-8 (RFC 3629, as RFC 6455 section 8.1 wants it).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace wscope::base {

/// Validates a text that arrives in pieces, and fails at the first byte that no continuation can make valid: `ED A0`
/// (a surrogate) fails at its second byte, `F4 90` (beyond U+10FFFF) too. The verdict does not depend on how the text
/// is cut into pieces.
class Utf8Validator {
 public:
  /// Takes the next piece. False if the text so far cannot be the beginning of valid UTF-8; the validator then stays
  /// failed until reset().
  [[nodiscard]] bool receive(Bytes piece) noexcept;

  /// Whether the text so far is valid and ends on a code point boundary.
  [[nodiscard]] bool complete() const noexcept { return state_ == accept_state; }

  /// How many bytes of an unfinished code point the text so far ends in: 0 to 3.
  [[nodiscard]] unsigned pending() const noexcept;

  /// Starts a new text.
  void reset() noexcept { state_ = accept_state; }

 private:
  static constexpr std::uint8_t accept_state = 0;
  std::uint8_t state_ = accept_state;
};

/// Where a text stops being UTF-8.
struct Utf8Flaw {
  std::uint64_t offset = 0;  ///< of the first byte of the sequence that is wrong, from the beginning of the text
  std::array<std::byte, 4> bytes{};
  std::uint8_t size = 0;  ///< how many of `bytes`: the sequence up to the first byte that it cannot have
  bool cut = false;       ///< there is no such byte: the text ends inside the sequence
};

/// Looks once more, byte by byte, at a text that is not UTF-8, to say where. `before`: the end of what stands before
/// `piece`, from the first byte of a code point that reaches into the piece; nothing if none does. `offset`: of `piece`
/// in the text. A text that is valid but ends inside a code point is cut.
[[nodiscard]] Utf8Flaw find_utf8_flaw(Bytes before, Bytes piece, std::uint64_t offset = 0) noexcept;

/// What is_utf8() does, for any length.
[[nodiscard]] bool is_utf8_at_length(Bytes text) noexcept;

/// Whether the whole of `text` is valid UTF-8.
[[nodiscard]] inline bool is_utf8(Bytes text) noexcept {
  if (text.size() < 8 || text.size() > 16) return is_utf8_at_length(text);
  std::array<std::uint64_t, 2> words;  // which may overlap: most texts are about so long, and ASCII
  std::memcpy(&words[0], text.data(), 8);
  std::memcpy(&words[1], text.data() + text.size() - 8, 8);
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  return ((words[0] | words[1]) & high_bits) == 0 || is_utf8_at_length(text);
}

/// The longest prefix of `text` of at most `limit` bytes that does not end inside a code point. `text` is valid UTF-8.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t limit) noexcept;

/// Each byte of `text` as the code point of its value (ISO 8859-1): for texts that are not UTF-8.
[[nodiscard]] std::string utf8_from_latin1(std::string_view text);

}  // namespace wscope::base
