// Bytes as hexadecimal digits without offsets: as people type them, and as languages write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/text_position.h"

namespace wscope::decode {

/// Reads "81 85", "8185", "81:85", "0x81, 0x85", "{0x81, 0x85};", "\x81\x85", "b'\x81Hello'", "<Buffer 81 85>" and
/// comments, in any pieces.
class HexDigits {
 public:
  /// Appends to `out`, which outlives it.
  explicit HexDigits(std::string& out) : out_(out) {}

  /// The next piece, with line feeds. `whole_line`: it begins a line, and has the rest of it, too.
  [[nodiscard]] base::Result<void> receive(std::string_view piece, bool whole_line);
  /// Nothing follows.
  [[nodiscard]] base::Result<void> receive_eof();

  [[nodiscard]] const TextPosition& position() const noexcept { return position_; }
  /// Whether it is between bytes, and in no comment or string.
  [[nodiscard]] bool at_rest() const noexcept { return state_ == State::outside && digits_ == 0; }
  /// Passes over what others have read.
  void skip(std::string_view piece) noexcept {
    for (const char c : piece) position_.pass(c);
  }

 private:
  enum class State : unsigned char { outside, slash, line_comment, comment, comment_star, string, escape };

  [[nodiscard]] base::Result<void> take(char c);
  [[nodiscard]] base::Result<void> take_outside(char c);
  [[nodiscard]] base::Result<void> take_escape(char c);
  [[nodiscard]] base::Result<void> end_token();
  void take_digit(int value);
  [[nodiscard]] bool begins_string(char quote);

  std::string& out_;
  TextPosition position_{};
  std::string_view ahead_{};  // what follows in the piece
  State state_ = State::outside;
  State behind_escape_ = State::outside;
  char quote_ = 0;
  bool is_short_ = false;      // one digit may stand for a byte: it is behind 0x or \x
  bool is_escaped_ = false;    // and two at most, as it is behind \x
  unsigned digits_ = 0;        // of the byte that has begun
  unsigned token_digits_ = 0;  // of all of the token
  int value_ = 0;
  TextPosition digit_at_{};
  char digit_ = 0;
};

}  // namespace wscope::decode
