#include "capture/json_scanner.h"

#include <algorithm>
#include <utility>

#include "talk/json_reader.h"
#include "talk/json_run.h"

namespace wscope::capture {
namespace {

constexpr std::size_t longest_number = 64;  // that is looked at

bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_of_number_or_word(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

bool is_scalar(std::string_view text) {
  talk::JsonReader reader(text);
  return reader.next() && reader.complete() && reader.at_end();
}

}  // namespace

std::size_t JsonScanner::receive(base::Bytes bytes) {
  if (waits_) return 0;
  const std::uint64_t begin = position_;
  std::string_view rest = base::as_text(bytes);
  while (!rest.empty() && !waits_ && !error_) {
    const std::size_t size = rest.size();
    switch (inside_) {
      case Inside::none:
        begin_token(rest);
        break;
      case Inside::other:
        read_other(rest);
        break;
      default:
        read_string(rest);
    }
    position_ += size - rest.size();
  }
  return error_ ? bytes.size() : static_cast<std::size_t>(position_ - begin);
}

void JsonScanner::receive_eof() {
  if (inside_ == Inside::other) end_token(Token::Kind::other);
  if (!error_ && expected_ != Expected::nothing) fail(position_, "the JSON text ends too early");
}

std::optional<JsonScanner::Token> JsonScanner::next_event() noexcept {
  if (!std::exchange(waits_, false)) return std::nullopt;
  return token_;
}

void JsonScanner::begin_token(std::string_view& in) {
  const char c = in.front();
  if (c == '{' || c == '[') {
    open(c);
  } else if (c == '}' || c == ']') {
    close(c);
  } else if (c == ',' && expected_ == Expected::comma && !open_.empty()) {
    expected_ = open_.back() == '{' ? Expected::key : Expected::value;
  } else if (c == ':' && expected_ == Expected::colon) {
    expected_ = Expected::value;
  } else if (c == '"') {
    begin_string();
  } else if (is_of_number_or_word(c) && wants_value()) {
    inside_ = Inside::other;
    text_.clear();
    token_.offset = position_;
    return;  // it is read with the rest of it
  } else if (!is_white_space(c) && !is_of_mark(c)) {
    return fail(position_, "not JSON");
  }
  in.remove_prefix(1);
}

// Some begin with a byte order mark.
bool JsonScanner::is_of_mark(char c) const noexcept {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return position_ < mark.size() && mark[static_cast<std::size_t>(position_)] == c && expected_ == Expected::value;
}

void JsonScanner::open(char bracket) {
  if (!wants_value()) return fail(position_, "a value where JSON has none");
  if (open_.size() == deepest) return fail(position_, "JSON of more than 1024 levels");
  open_ += bracket;
  expected_ = bracket == '{' ? Expected::first_key : Expected::first_value;
  keep_ = 0;
  token_ = {bracket == '{' ? Token::Kind::begin_object : Token::Kind::begin_array, {}, position_};
  waits_ = true;
}

void JsonScanner::close(char bracket) {
  const bool empty = expected_ == Expected::first_key || expected_ == Expected::first_value;
  if (open_.empty() || (!empty && expected_ != Expected::comma) || open_.back() != (bracket == '}' ? '{' : '[')) {
    return fail(position_, "a bracket that closes nothing");
  }
  open_.pop_back();
  end_value();
  token_ = {Token::Kind::end, {}, position_};
  waits_ = true;
}

void JsonScanner::begin_string() {
  is_key_ = expected_ == Expected::key || expected_ == Expected::first_key;
  if (!is_key_ && !wants_value()) return fail(position_, "a string where JSON has none");
  inside_ = Inside::string;
  limit_ = is_key_ ? longest_key : keep_;
  text_.clear();
  token_.offset = position_;
  token_.whole = true;
  append("\"");
}

void JsonScanner::read_string(std::string_view& in) {
  const char c = in.front();
  std::size_t size = 1;
  if (inside_ == Inside::string) {
    size = std::max<std::size_t>(talk::plain_run(in), 1);
    if (c == '\\') {
      inside_ = Inside::escape;
    } else if (c != '"' && static_cast<unsigned char>(c) < 0x20) {
      return fail(position_, "a control character in a JSON string");
    }
  } else if (inside_ == Inside::digits) {
    if (!is_hex_digit(c)) return fail(position_, "not an escape of JSON");
    if (--digits_left_ == 0) inside_ = Inside::string;
  } else {
    constexpr std::string_view single = "\"\\/bfnrt";
    if (c != 'u' && single.find(c) == std::string_view::npos) return fail(position_, "not an escape of JSON");
    inside_ = c == 'u' ? Inside::digits : Inside::string;
    digits_left_ = 4;
    append(in.substr(0, 1));
    in.remove_prefix(1);
    return;
  }
  append(in.substr(0, size));
  in.remove_prefix(size);
  if (c == '"' && inside_ == Inside::string) end_token(is_key_ ? Token::Kind::key : Token::Kind::string);
}

void JsonScanner::read_other(std::string_view& in) {
  const auto* const end = std::find_if_not(in.begin(), in.end(), is_of_number_or_word);
  const auto size = static_cast<std::size_t>(end - in.begin());
  text_ += in.substr(0, std::min(size, longest_number + 1 - std::min(text_.size(), longest_number + 1)));
  in.remove_prefix(size);
  if (!in.empty()) end_token(Token::Kind::other);
}

void JsonScanner::end_token(Token::Kind kind) {
  inside_ = Inside::none;
  if (kind == Token::Kind::other && text_.size() <= longest_number && !is_scalar(text_)) {
    return fail(token_.offset, "neither a number nor true, false or null");
  }
  token_.kind = kind;
  if (kind == Token::Kind::other) token_.whole = text_.size() <= longest_number;
  token_.text = text_;
  waits_ = true;
  if (kind == Token::Kind::key) {
    expected_ = Expected::colon;
  } else {
    end_value();
  }
}

void JsonScanner::end_value() noexcept {
  expected_ = open_.empty() ? Expected::nothing : Expected::comma;
  keep_ = 0;
}

void JsonScanner::append(std::string_view text) {
  const std::size_t room = limit_ - text_.size();
  if (text.size() > room) token_.whole = false;
  text_ += text.substr(0, room);
}

void JsonScanner::fail(std::uint64_t at, const std::string& what) {
  error_ = base::Error{base::ErrorKind::io, "byte " + std::to_string(at) + ": " + what};
}

}  // namespace wscope::capture
