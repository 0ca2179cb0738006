// The grammar that header values are made of: tokens, quoted strings and comma-separated lists (RFC 9110 section 5.6).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::http {

[[nodiscard]] bool is_token_char(char c) noexcept;
/// Whether `text` is one or more token characters.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// Whether `text` is a request target: one or more visible ASCII characters.
[[nodiscard]] bool is_target(std::string_view text) noexcept;
/// Whether `text` may be a field value or a reason phrase: no control characters but HTAB. Bytes from 0x80 are allowed.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
/// `text` without the SP and HTAB around it.
[[nodiscard]] std::string_view trim_white_space(std::string_view text) noexcept;

/// Reads a header value from left to right. Views it returns are into the value. An error is of kind http and says what
/// was expected and where: "expected a token at 4".
class FieldScanner {
 public:
  explicit FieldScanner(std::string_view value) noexcept : value_(value) {}

  [[nodiscard]] bool at_end() const noexcept { return position_ == value_.size(); }
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  /// Skips SP and HTAB.
  void skip_white_space() noexcept;
  /// Skips white space and empty list elements, to the next element or the end.
  void skip_list_separators() noexcept;
  /// Whether `c` is next.
  [[nodiscard]] bool next_is(char c) const noexcept { return !at_end() && value_[position_] == c; }
  /// Takes `c` if it is next.
  [[nodiscard]] bool take(char c) noexcept;
  /// Takes a token.
  [[nodiscard]] base::Result<std::string_view> token();
  /// Takes a quoted string and returns what it means, with its escapes undone.
  [[nodiscard]] base::Result<std::string> quoted_string();
  /// After a list element: takes the separator before the next one; an error if something else follows.
  [[nodiscard]] base::Result<void> end_of_element();
  [[nodiscard]] base::Error expected(std::string_view what) const;

 private:
  std::string_view value_;
  std::size_t position_ = 0;
};

/// A list of tokens with at least one element, empty elements ignored: Connection, Sec-WebSocket-Protocol,
/// Sec-WebSocket-Version.
[[nodiscard]] base::Result<std::vector<std::string>> parse_token_list(std::string_view value);

/// A list of protocols, each `token` or `token/token`: Upgrade (RFC 9110 section 7.8).
[[nodiscard]] base::Result<std::vector<std::string>> parse_upgrade_list(std::string_view value);

/// Whether one of `elements` equals `word` without regard to case.
[[nodiscard]] bool list_contains(const std::vector<std::string>& elements, std::string_view word) noexcept;

}  // namespace wscope::http
