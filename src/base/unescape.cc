#include "base/unescape.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace wscope::base {
namespace {

constexpr std::string_view letters = "abefnrtv\\'\"?";
constexpr std::string_view meanings = "\a\b\x1b\f\n\r\t\v\\'\"?";
static_assert(letters.size() == meanings.size());

// Left to whoever fills in templates.
constexpr std::string_view braces = "{{";

std::optional<unsigned> digit(char c, unsigned radix) noexcept {
  unsigned value = radix;
  if (c >= '0' && c <= '9') value = static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
  return value < radix ? std::optional(value) : std::nullopt;
}

struct Number {
  std::uint32_t value = 0;
  std::size_t digits = 0;
};

Number read_number(std::string_view text, unsigned radix, std::size_t most) noexcept {
  Number number;
  for (; number.digits < most && number.digits < text.size(); ++number.digits) {
    const auto next = digit(text[number.digits], radix);
    if (!next) break;
    number.value = number.value * radix + *next;
  }
  return number;
}

bool is_code_point(std::uint32_t value) noexcept {
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return value <= 0x10ffff && !surrogate;
}

void append_code_point(std::uint32_t value, std::string& out) {
  const auto continuation = [&out](std::uint32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3f)); };
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xc0 | value >> 6);
  } else if (value < 0x10000) {
    out += static_cast<char>(0xe0 | value >> 12);
    continuation(value >> 6);
  } else {
    out += static_cast<char>(0xf0 | value >> 18);
    continuation(value >> 12);
    continuation(value >> 6);
  }
  if (value >= 0x80) continuation(value);
}

Error stands_for_nothing(std::string_view escape) {
  return usage_error("has " + std::string(escape) + ", which stands for nothing");
}

// What follows \x, \u or \U.
Result<std::size_t> read_hex(std::string_view escape, std::string& out) {
  const std::size_t wanted = escape[1] == 'x' ? 2 : escape[1] == 'u' ? 4 : 8;
  const Number number = read_number(escape.substr(2), 16, wanted);
  const std::string_view written = escape.substr(0, 2 + number.digits);
  if (number.digits < wanted) {
    return usage_error("has " + std::string(written) + ", which wants " + std::to_string(wanted) +
                       " hexadecimal digits");
  }
  if (escape[1] == 'x') {
    out += static_cast<char>(number.value);
  } else {
    if (!is_code_point(number.value)) return usage_error("has " + std::string(written) + ", which is no character");
    append_code_point(number.value, out);
  }
  return written.size();
}

// `escape` begins with a backslash; how much of it is one.
Result<std::size_t> read_escape(std::string_view escape, std::string& out) {
  if (escape.size() == 1) return usage_error("ends in a backslash");
  const char letter = escape[1];
  if (const std::size_t at = letters.find(letter); at != std::string_view::npos) {
    out += meanings[at];
    return std::size_t{2};
  }
  if (letter == 'x' || letter == 'u' || letter == 'U') return read_hex(escape, out);
  if (escape.substr(1).starts_with(braces)) {
    out += escape.substr(0, 1 + braces.size());
    return 1 + braces.size();
  }
  const Number octal = read_number(escape.substr(1), 8, 3);
  if (octal.digits > 0 && octal.value <= 0xff) {
    out += static_cast<char>(octal.value);
    return 1 + octal.digits;
  }
  if (octal.digits > 0) return usage_error("has " + std::string(escape.substr(0, 4)) + ", which is no byte");
  const bool is_printable = letter >= ' ' && letter <= '~';
  return stands_for_nothing(is_printable ? escape.substr(0, 2) : "a backslash");
}

}  // namespace

Result<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = text.find('\\');
    out += text.substr(0, plain);
    if (plain == std::string_view::npos) break;
    text.remove_prefix(plain);
    const auto read = read_escape(text, out);
    if (!read) return read.error();
    text.remove_prefix(*read);
  }
  return out;
}

}  // namespace wscope::base
