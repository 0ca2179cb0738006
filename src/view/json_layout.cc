#include "view/json_layout.h"

#include <algorithm>

#include "base/utf8.h"
#include "view/escape.h"

namespace wscope::view {
namespace {

constexpr std::size_t deepest = 1024;
constexpr std::size_t indented_levels = 32;  // or a few bytes of text would become thousands of spaces

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Takes the digits off the front; false if there are none.
bool take_digits(std::string_view& text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto size = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(size);
  return size > 0;
}

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// RFC 8259 section 6. A JSON library would refuse numbers that no C++ type holds.
bool is_number(std::string_view text) noexcept {
  take(text, '-');
  if (!take(text, '0') && !take_digits(text)) return false;
  if (take(text, '.') && !take_digits(text)) return false;
  if (take(text, 'e') || take(text, 'E')) {
    if (!take(text, '-')) take(text, '+');
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

// The size of the escape that `text` begins with; nothing if it is none.
std::size_t escape_size(std::string_view text) noexcept {
  constexpr std::string_view single = "\"\\/bfnrt";
  if (text.size() < 2) return 0;
  if (single.find(text[1]) != std::string_view::npos) return 2;
  const std::string_view digits = text.substr(2, 4);
  const bool is_unicode =
      text[1] == 'u' && digits.size() == 4 && std::all_of(digits.begin(), digits.end(), is_hex_digit);
  return is_unicode ? 6 : 0;
}

// The size of the string that `text` begins with, its quotation marks included; 0 if it is none (section 7).
std::size_t string_size(std::string_view text) noexcept {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') {
    const bool escaped = text[at] == '\\';
    if (static_cast<unsigned char>(text[at]) < 0x20) return 0;
    const std::size_t size = escaped ? escape_size(text.substr(at)) : 1;
    if (size == 0) return 0;
    at += size;
  }
  return at < text.size() ? at + 1 : 0;
}

// Goes through a text once, token by token; it checks the grammar and writes what it has read.
class Layout {
 public:
  Layout(std::string_view text, const Style& style) : rest_(text), style_(style) { out_.reserve(text.size()); }

  [[nodiscard]] std::optional<std::string> run() {
    while (skip_white_space()) {
      if (!take_token()) return std::nullopt;
    }
    if (expected_ != Expected::end) return std::nullopt;
    return std::move(out_);
  }

 private:
  // What may come next. "First": behind an opening bracket, which may as well be closed.
  enum class Expected : unsigned char { value, first_value, key, first_key, colon, comma, end };

  // Whether anything is left.
  [[nodiscard]] bool skip_white_space() noexcept {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_white_space);
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    return !rest_.empty();
  }

  [[nodiscard]] bool take_token() {
    const char c = rest_.front();
    switch (c) {
      case '{':
      case '[':
        return open(c);
      case '}':
      case ']':
        return close(c);
      case ',':
        return take_comma();
      case ':':
        return take_colon();
      case '"':
        return take_string();
      default:
        return take_number_or_word();
    }
  }

  [[nodiscard]] bool open(char bracket) {
    if (!begin_value() || nested_.size() == deepest) return false;
    nested_ += bracket;
    expected_ = bracket == '{' ? Expected::first_key : Expected::first_value;
    write(bracket);
    return true;
  }

  [[nodiscard]] bool close(char bracket) {
    const bool empty = expected_ == Expected::first_key || expected_ == Expected::first_value;
    if (!empty && expected_ != Expected::comma) return false;
    if (nested_.empty() || nested_.back() != (bracket == '}' ? '{' : '[')) return false;
    nested_.pop_back();
    if (!empty) begin_line();
    write(bracket);
    end_value();
    return true;
  }

  [[nodiscard]] bool take_comma() {
    if (expected_ != Expected::comma) return false;
    expected_ = nested_.back() == '{' ? Expected::key : Expected::value;
    write(',');
    begin_line();
    return true;
  }

  [[nodiscard]] bool take_colon() {
    if (expected_ != Expected::colon) return false;
    expected_ = Expected::value;
    write(':');
    out_ += ' ';
    return true;
  }

  [[nodiscard]] bool take_string() {
    const bool is_key = expected_ == Expected::key || expected_ == Expected::first_key;
    if (expected_ == Expected::first_key) begin_line();
    if (!is_key && !begin_value()) return false;
    const std::size_t size = string_size(rest_);
    if (size == 0) return false;
    style_.append(is_key ? Meaning::json_key : Meaning::json_string, escape(rest_.substr(0, size)), out_);
    rest_.remove_prefix(size);
    if (is_key) {
      expected_ = Expected::colon;
    } else {
      end_value();
    }
    return true;
  }

  [[nodiscard]] bool take_number_or_word() {
    const std::string_view token = rest_.substr(0, rest_.find_first_of(" \t\r\n,:[]{}\""));
    const bool is_word = token == "true" || token == "false" || token == "null";
    if (!begin_value() || (!is_word && !is_number(token))) return false;
    style_.append(is_word ? Meaning::json_word : Meaning::json_number, token, out_);
    rest_.remove_prefix(token.size());
    end_value();
    return true;
  }

  // Whether a value may come.
  [[nodiscard]] bool begin_value() {
    if (expected_ == Expected::first_value) begin_line();
    return expected_ == Expected::value || expected_ == Expected::first_value;
  }

  void end_value() noexcept { expected_ = nested_.empty() ? Expected::end : Expected::comma; }

  void begin_line() {
    out_ += '\n';
    out_.append(2 * std::min(nested_.size(), indented_levels), ' ');
  }

  // Writes the token in front, of one character.
  void write(char c) {
    out_ += c;
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  const Style& style_;
  std::string out_;
  std::string nested_;  // the brackets that are open
  Expected expected_ = Expected::value;
};

}  // namespace

std::optional<std::string> pretty_json(std::string_view text, const Style& style) {
  if (!base::is_utf8(base::as_bytes(text))) return std::nullopt;
  return Layout(text, style).run();
}

}  // namespace wscope::view
