// JSON that comes in pieces, token by token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace wscope::capture {

/// Reads one JSON value (RFC 8259) of any size. It holds what brackets are open, at most 1024, and of strings only as
/// much as is wished. It is given what was read (receive, receive_eof) and asked what it was (next_event). That the
/// text is UTF-8 is not checked.
class JsonScanner {
 public:
  struct Token {
    enum class Kind : unsigned char { begin_object, begin_array, end, key, string, other };
    Kind kind = Kind::end;
    std::string_view text{};   ///< as it is written, strings with their quotation marks; empty if it was not to be kept
    std::uint64_t offset = 0;  ///< of its first byte
    bool whole = true;         ///< all of the text was kept
  };

  static constexpr std::size_t deepest = 1024;
  static constexpr std::size_t longest_key = 256;  ///< a longer one is not whole

  /// Takes bytes up to the end of the next token, and returns how many. While a token waits to be taken, these are
  /// none; after an error it takes everything.
  [[nodiscard]] std::size_t receive(base::Bytes bytes);
  /// Nothing more will come: an error, if the value is not complete.
  void receive_eof();
  /// The token that has come, once; valid until the next call of receive().
  [[nodiscard]] std::optional<Token> next_event() noexcept;
  /// Of the value that comes next, if it is a string or a number, so many bytes are kept: else none.
  void keep(std::size_t most) noexcept { keep_ = most; }

  /// What is wrong, and at which byte.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }

 private:
  enum class Expected : unsigned char { value, first_value, key, first_key, colon, comma, nothing };
  enum class Inside : unsigned char { none, string, escape, digits, other };

  // Each takes bytes from the front of `in`.
  void begin_token(std::string_view& in);
  [[nodiscard]] bool is_of_mark(char c) const noexcept;
  void read_string(std::string_view& in);
  void read_other(std::string_view& in);
  void open(char bracket);
  void close(char bracket);
  void begin_string();
  void end_token(Token::Kind kind);
  void end_value() noexcept;
  void append(std::string_view text);
  void fail(std::uint64_t at, const std::string& what);
  [[nodiscard]] bool wants_value() const noexcept {
    return expected_ == Expected::value || expected_ == Expected::first_value;
  }

  std::string open_{};  // the brackets
  Expected expected_ = Expected::value;
  Inside inside_ = Inside::none;
  unsigned digits_left_ = 0;  // of an escape
  bool is_key_ = false;
  std::string text_{};
  std::size_t keep_ = 0;
  std::size_t limit_ = 0;  // of text_
  std::uint64_t position_ = 0;
  Token token_{};
  bool waits_ = false;
  std::optional<base::Error> error_{};
};

}  // namespace wscope::capture
