#include "talk/json_reader.h"

#include <algorithm>

#include "base/utf8.h"
#include "talk/json_run.h"

namespace wscope::talk {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::size_t count_digits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// The size of the number that `text` begins with; 0 if it is none (section 6).
std::size_t number_size(std::string_view text) noexcept {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = text.substr(at).starts_with('0') ? 1 : count_digits(text.substr(at));
  if (whole == 0) return 0;
  at += whole;
  if (text.substr(at).starts_with('.')) {
    const std::size_t digits = count_digits(text.substr(at + 1));
    if (digits == 0) return 0;
    at += 1 + digits;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const bool has_sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+');
    const std::size_t sign = has_sign ? 2 : 1;
    const std::size_t digits = count_digits(text.substr(at + sign));
    if (digits == 0) return 0;
    at += sign + digits;
  }
  return at;
}

// The size of the escape that `text` begins with; 0 if it is none.
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
  std::size_t at = 1 + plain_run(text.substr(1));
  while (at < text.size() && text[at] != '"') {
    if (static_cast<unsigned char>(text[at]) < 0x20) return 0;
    const std::size_t size = text[at] == '\\' ? escape_size(text.substr(at)) : 1;
    if (size == 0) return 0;
    at += size;
    at += plain_run(text.substr(at));
  }
  return at < text.size() ? at + 1 : 0;
}

}  // namespace

bool JsonReader::at_end() noexcept {
  while (at_ < text_.size() && is_white_space(text_[at_])) ++at_;
  return at_ == text_.size();
}

std::optional<JsonToken> JsonReader::next() {
  if (complete() || at_end()) return std::nullopt;
  const char c = text_[at_];
  switch (c) {
    case '{':
    case '[':
      return open(c);
    case '}':
    case ']':
      return close(c);
    case ',':
      if (expected_ != Expected::comma) return std::nullopt;
      expected_ = open_.back() == '{' ? Expected::key : Expected::value;
      return take(JsonToken::Kind::comma, 1);
    case ':':
      if (expected_ != Expected::colon) return std::nullopt;
      expected_ = Expected::value;
      return take(JsonToken::Kind::colon, 1);
    case '"':
      return take_string();
    default:
      return take_number_or_word();
  }
}

JsonToken JsonReader::take(JsonToken::Kind kind, std::size_t size, bool first) noexcept {
  const std::string_view text = text_.substr(at_, size);
  at_ += size;
  return {kind, text, first};
}

std::optional<JsonToken> JsonReader::open(char bracket) {
  if (!wants_value() || open_.size() == deepest) return std::nullopt;
  const bool first = expected_ == Expected::first_value;
  open_ += bracket;
  expected_ = bracket == '{' ? Expected::first_key : Expected::first_value;
  return take(JsonToken::Kind::open, 1, first);
}

std::optional<JsonToken> JsonReader::close(char bracket) {
  const bool empty = expected_ == Expected::first_key || expected_ == Expected::first_value;
  if (!empty && expected_ != Expected::comma) return std::nullopt;
  if (open_.empty() || open_.back() != (bracket == '}' ? '{' : '[')) return std::nullopt;
  open_.pop_back();
  end_value();
  return take(JsonToken::Kind::close, 1, empty);
}

std::optional<JsonToken> JsonReader::take_string() {
  const bool is_key = expected_ == Expected::key || expected_ == Expected::first_key;
  if (!is_key && !wants_value()) return std::nullopt;
  const std::size_t size = string_size(text_.substr(at_));
  if (size == 0) return std::nullopt;
  const bool first = expected_ == Expected::first_key || expected_ == Expected::first_value;
  if (is_key) {
    expected_ = Expected::colon;
  } else {
    end_value();
  }
  return take(is_key ? JsonToken::Kind::key : JsonToken::Kind::string, size, first);
}

// A JSON library would refuse numbers that no C++ type holds.
std::optional<JsonToken> JsonReader::take_number_or_word() {
  if (!wants_value()) return std::nullopt;
  const std::string_view rest = text_.substr(at_);
  const bool first = expected_ == Expected::first_value;
  for (const std::string_view word : {"true", "false", "null"}) {
    if (!rest.starts_with(word)) continue;
    end_value();
    return take(JsonToken::Kind::word, word.size(), first);
  }
  const std::size_t size = number_size(rest);
  if (size == 0) return std::nullopt;
  end_value();
  return take(JsonToken::Kind::number, size, first);
}

bool is_json(std::string_view text) {
  if (!base::is_utf8(base::as_bytes(text))) return false;
  JsonReader reader(text);
  while (reader.next()) {
  }
  return reader.complete() && reader.at_end();
}

}  // namespace wscope::talk
