#include "http/field_syntax.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "http/headers.h"

namespace wscope::http {
namespace {

enum CharClass : std::uint8_t { token_class = 1, target_class = 2, value_class = 4 };

// Every byte of every head is looked up here, so it is one load: no locale, no branches.
constexpr std::array<std::uint8_t, 256> char_classes = [] {
  constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < classes.size(); ++c) {
    const unsigned letter = c | 0x20;
    const bool is_token = (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') ||
                          token_marks.find(static_cast<char>(c)) != std::string_view::npos;
    const bool is_visible = c > ' ' && c < 0x7f;
    const bool is_value = c == '\t' || (c >= ' ' && c != 0x7f);
    classes[c] = static_cast<std::uint8_t>((is_token ? token_class : 0) | (is_visible ? target_class : 0) |
                                           (is_value ? value_class : 0));
  }
  return classes;
}();

constexpr bool is_in(char c, CharClass wanted) noexcept {
  return (char_classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

bool all_in(std::string_view text, CharClass wanted) noexcept {
  return std::all_of(text.begin(), text.end(), [wanted](char c) { return is_in(c, wanted); });
}

constexpr bool is_white_space(char c) noexcept { return c == ' ' || c == '\t'; }

/// Reads a list whose elements `element` takes from the scanner.
template <typename Element>
base::Result<std::vector<std::string>> parse_list(std::string_view value, Element element) {
  FieldScanner scanner(value);
  std::vector<std::string> elements;
  scanner.skip_list_separators();
  // A list needs at least one element, so that one is read even at the end of the value.
  do {
    base::Result<std::string> next = element(scanner);
    if (!next) return std::move(next).error();
    elements.push_back(std::move(next).value());
    if (auto end = scanner.end_of_element(); !end) return std::move(end).error();
  } while (!scanner.at_end());
  return elements;
}

base::Result<std::string> take_token(FieldScanner& scanner) {
  const auto token = scanner.token();
  if (!token) return token.error();
  return std::string(*token);
}

base::Result<std::string> take_protocol(FieldScanner& scanner) {
  base::Result<std::string> protocol = take_token(scanner);
  if (!protocol || !scanner.take('/')) return protocol;
  const auto version = scanner.token();
  if (!version) return version.error();
  protocol->append("/").append(*version);
  return protocol;
}

}  // namespace

bool is_token_char(char c) noexcept { return is_in(c, token_class); }

bool is_token(std::string_view text) noexcept { return !text.empty() && all_in(text, token_class); }

bool is_target(std::string_view text) noexcept { return !text.empty() && all_in(text, target_class); }

bool is_field_value(std::string_view text) noexcept { return all_in(text, value_class); }

std::string_view trim_white_space(std::string_view text) noexcept {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return text;
}

void FieldScanner::skip_white_space() noexcept {
  while (!at_end() && is_white_space(value_[position_])) ++position_;
}

void FieldScanner::skip_list_separators() noexcept {
  while (!at_end() && (is_white_space(value_[position_]) || value_[position_] == ',')) ++position_;
}

bool FieldScanner::take(char c) noexcept {
  if (!next_is(c)) return false;
  ++position_;
  return true;
}

base::Result<std::string_view> FieldScanner::token() {
  const std::size_t begin = position_;
  while (!at_end() && is_token_char(value_[position_])) ++position_;
  if (position_ == begin) return expected("a token");
  return value_.substr(begin, position_ - begin);
}

base::Result<std::string> FieldScanner::quoted_string() {
  if (!take('"')) return expected("a quoted string");
  std::string text;
  while (!take('"')) {
    const bool escaped = take('\\');
    if (at_end()) return expected(escaped ? "an escaped character" : "a closing quote");
    if (!is_in(value_[position_], value_class)) return expected("no control character");
    text.push_back(value_[position_++]);
  }
  return text;
}

base::Result<void> FieldScanner::end_of_element() {
  // The white space goes first: the place to name is where the comma is missing.
  skip_white_space();
  if (!at_end() && value_[position_] != ',') return expected("a comma");
  skip_list_separators();
  return {};
}

base::Error FieldScanner::expected(std::string_view what) const {
  return {base::ErrorKind::http, "expected " + std::string(what) + " at " + std::to_string(position_)};
}

base::Result<std::vector<std::string>> parse_token_list(std::string_view value) {
  return parse_list(value, take_token);
}

base::Result<std::vector<std::string>> parse_upgrade_list(std::string_view value) {
  return parse_list(value, take_protocol);
}

bool list_contains(const std::vector<std::string>& elements, std::string_view word) noexcept {
  return std::any_of(elements.begin(), elements.end(),
                     [word](const std::string& element) { return equals_ignoring_case(element, word); });
}

}  // namespace wscope::http
