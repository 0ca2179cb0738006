#include "decode/hex_digits.h"

#include <algorithm>

#include "decode/dump_line.h"

namespace wscope::decode {
namespace {

constexpr std::string_view separators = " \t\r\n\f,;:-[]{}()<>";

bool is_digit_or_separator(char c) noexcept {
  return hex_value(c) >= 0 || c == 'x' || c == 'X' || separators.find(c) != std::string_view::npos;
}

// Base64 may have such a sign, too.
bool is_assignment(std::string_view line, std::size_t at) noexcept {
  constexpr std::string_view in_front = " ]";
  constexpr std::string_view behind = " \"'[({bB";
  return (at > 0 && in_front.find(line[at - 1]) != std::string_view::npos) ||
         (at + 1 < line.size() && behind.find(line[at + 1]) != std::string_view::npos);
}

// How much of a line stands in front of its bytes: a declaration, up to = or {, or a name in front of a string.
std::size_t declaration(std::string_view line) noexcept {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '/' || c == '#' || c == '\\') break;
    if (c == '{' || (c == '=' && is_assignment(line, i))) end = i + 1;
    if (c != '"' && c != '\'') continue;
    const std::string_view name = line.substr(end, i - end);
    const bool is_name = !std::all_of(name.begin(), name.end(), is_digit_or_separator);
    const bool marks_bytes = i > 0 && (line[i - 1] == 'b' || line[i - 1] == 'B');
    return is_name ? i - (marks_bytes ? 1 : 0) : end;
  }
  constexpr std::string_view node = "<Buffer ";
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  return end == 0 && line.substr(begin).starts_with(node) ? begin + node.size() : end;
}

// What a letter behind a backslash stands for; -1: nothing.
int escaped(char c) noexcept {
  constexpr std::string_view letters = "abfnrtv0\\'\"?";
  constexpr std::string_view values("\a\b\f\n\r\t\v\0\\'\"?", letters.size());
  const std::size_t found = letters.find(c);
  return found == std::string_view::npos ? -1 : static_cast<unsigned char>(values[found]);
}

}  // namespace

base::Result<void> HexDigits::receive(std::string_view piece, bool whole_line) {
  if (whole_line && at_rest()) {
    const std::size_t in_front = declaration(piece);
    skip(piece.substr(0, in_front));
    piece.remove_prefix(in_front);
  }
  while (!piece.empty()) {
    const char c = piece.front();
    piece.remove_prefix(1);
    ahead_ = piece;
    if (auto taken = take(c); !taken) return taken;
    position_.pass(c);
  }
  return {};
}

base::Result<void> HexDigits::receive_eof() {
  if (state_ == State::comment || state_ == State::comment_star) return error_at(position_, "a comment without end");
  if (state_ == State::string || state_ == State::escape) return error_at(position_, "a string without end");
  return end_token();
}

base::Result<void> HexDigits::take(char c) {
  switch (state_) {
    case State::outside:
      return take_outside(c);
    case State::slash:
      if (c != '/' && c != '*') return error_at(position_, quote(c) + " is no hexadecimal digit");
      state_ = c == '/' ? State::line_comment : State::comment;
      return {};
    case State::line_comment:
      if (c == '\n') state_ = State::outside;
      return {};
    case State::comment:
      if (c == '*') state_ = State::comment_star;
      return {};
    case State::comment_star:
      // The text of a dump may have such an end in it: the last one of a line counts.
      if (c == '/' && ahead_.substr(0, ahead_.find('\n')).find("*/") == std::string_view::npos) {
        state_ = State::outside;
      } else if (c != '*') {
        state_ = State::comment;
      }
      return {};
    case State::escape:
      return take_escape(c);
    case State::string:
      break;
  }
  if (is_escaped_ && hex_value(c) >= 0) {
    take_digit(hex_value(c));
    return {};
  }
  if (auto ended = end_token(); !ended) return ended;
  if (c == quote_) {
    state_ = State::outside;
  } else if (c == '\\') {
    state_ = State::escape;
    behind_escape_ = State::string;
  } else {
    out_ += c;
  }
  return {};
}

base::Result<void> HexDigits::take_outside(char c) {
  const int value = hex_value(c);
  if (value >= 0) {
    digit_ = c;
    if (digits_ == 0) digit_at_ = position_;
    take_digit(value);
    return {};
  }
  if ((c == 'x' || c == 'X') && digits_ == 1 && token_digits_ == 1 && value_ == 0 && !is_short_) {
    digits_ = token_digits_ = 0;
    is_short_ = true;
    return {};
  }
  if (c == '"' || c == '\'') {
    const bool marks_bytes = digits_ == 1 && token_digits_ == 1 && (digit_ == 'b' || digit_ == 'B');
    if (marks_bytes) digits_ = token_digits_ = 0;
    if (auto ended = end_token(); !ended) return ended;
    if (marks_bytes || begins_string(c)) {
      state_ = State::string;
      quote_ = c;
    }
    return {};
  }
  if (auto ended = end_token(); !ended) return ended;
  if (separators.find(c) != std::string_view::npos) return {};
  if (c == '/') {
    state_ = State::slash;
  } else if (c == '#') {
    state_ = State::line_comment;
  } else if (c == '\\') {
    state_ = State::escape;
    behind_escape_ = State::outside;
  } else if (c != '$') {
    return error_at(position_, quote(c) + " is no hexadecimal digit");
  }
  return {};
}

// Quotation marks may also be around digits.
bool HexDigits::begins_string(char quote) {
  const std::string_view inside = ahead_.substr(0, ahead_.find(quote));
  return inside.find("\\x") != std::string_view::npos;
}

base::Result<void> HexDigits::take_escape(char c) {
  if (c == '\r') return {};  // the line goes on behind its end
  state_ = behind_escape_;
  if (c == '\n') return {};
  if (c == 'x') {
    is_short_ = is_escaped_ = true;
    digit_at_ = position_;
    if (ahead_.empty() || hex_value(ahead_.front()) >= 0) return {};
    return error_at(position_, "\\x without a digit");
  }
  const int value = escaped(c);
  if (value < 0 || behind_escape_ == State::outside) return error_at(position_, quote(c) + " behind a backslash");
  out_ += static_cast<char>(value);
  return {};
}

void HexDigits::take_digit(int value) {
  ++token_digits_;
  value_ = digits_ == 0 ? value : value_ << 4 | value;
  if (++digits_ < 2) return;
  out_ += static_cast<char>(value_);
  digits_ = 0;
  if (!is_escaped_) return;
  is_short_ = is_escaped_ = false;
  token_digits_ = 0;
}

base::Result<void> HexDigits::end_token() {
  const bool is_byte = digits_ == 1 && is_short_ && token_digits_ == 1;
  if (digits_ == 1 && !is_byte) return error_at(digit_at_, "a byte has two digits");
  if (is_short_ && token_digits_ == 0) return error_at(position_, "no digit behind the x");
  if (is_byte) out_ += static_cast<char>(value_);
  digits_ = token_digits_ = 0;
  is_short_ = is_escaped_ = false;
  return {};
}

}  // namespace wscope::decode
