#include "decode/dump_line.h"

#include <algorithm>
#include <charconv>

namespace wscope::decode {
namespace {

constexpr std::size_t longest_offset = 16;
constexpr std::size_t usual_half = 8;  // bytes, behind which many dumps have a gap

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

std::size_t count_digits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), [](char c) { return hex_value(c) < 0; }) -
                                  text.begin());
}

std::size_t count_spaces(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_space) - text.begin());
}

void append_bytes(std::string_view digits, std::string& out) {
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(hex_value(digits[i]) << 4 | hex_value(digits[i + 1]));
  }
}

// Two digits and no more.
bool begins_with_byte(std::string_view text) noexcept {
  return count_digits(text) == 2 && (text.size() == 2 || is_space(text[2]));
}

// Reads the bytes of a line up to its text. `grouped`: several of them may stand together, and no gap is in between.
void read_bytes(std::string_view line, std::size_t at, bool grouped, DumpLine& read) {
  for (std::size_t gap = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    const bool is_first = read.bytes.empty();
    const bool in_middle = !grouped && gap == 2 && read.bytes.size() == usual_half && begins_with_byte(rest);
    if (!is_first && gap >= 2 && !in_middle) return;
    const std::size_t digits = count_digits(rest);
    const bool ends = digits == rest.size() || is_space(rest[digits]);
    if (digits == 0 && (rest.front() == '|' || rest.front() == '>')) return;
    if (!ends || digits == 0 || digits % 2 != 0 || (!grouped && digits != 2)) {
      read.bad = at + (ends ? 0 : digits);
      return;
    }
    append_bytes(rest.substr(0, digits), read.bytes);
    at += digits;
    gap = count_spaces(line.substr(at));
    at += gap;
  }
}

}  // namespace

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<DumpLine> parse_dump_line(std::string_view line) {
  DumpLine read;
  read.indent = count_spaces(line);
  std::size_t at = read.indent;
  const bool has_prefix = line.substr(at).starts_with("0x") || line.substr(at).starts_with("0X");
  if (has_prefix) at += 2;
  const std::size_t size = count_digits(line.substr(at));
  read.offset = line.substr(at, size);
  at += size;
  if (size < 3 || size > longest_offset) return std::nullopt;
  const bool has_colon = at < line.size() && line[at] == ':';
  if (has_colon) ++at;
  const std::size_t gap = count_spaces(line.substr(at));
  at += gap;
  if (at == line.size()) {
    read.is_certain = has_colon;
    return has_prefix && !has_colon ? std::nullopt : std::optional(read);
  }
  if (!has_colon && (gap == 0 || has_prefix || !begins_with_byte(line.substr(at)))) return std::nullopt;
  if (has_colon && (gap == 0 || hex_value(line[at]) < 0)) return std::nullopt;  // 00:ff is two bytes
  read.is_certain = has_colon || gap > 1;
  read_bytes(line, at, has_colon, read);
  return read;
}

bool has_words_of_hexdump(std::string_view line) {
  const std::size_t size = count_digits(line);
  const std::size_t gap = count_spaces(line.substr(size));
  return size == 7 && gap > 0 && count_digits(line.substr(size + gap)) == 4;
}

std::optional<std::uint64_t> offset_value(std::string_view digits, unsigned base) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, static_cast<int>(base));
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace wscope::decode
