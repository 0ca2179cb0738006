#include "transcripts/rows.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>

namespace wscope::test {
namespace {

[[noreturn]] void bad_table(std::string_view what) { throw std::runtime_error("in a table: " + std::string(what)); }

unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  bad_table(std::string("no hex digit: ") + c);
}

char hex_byte(std::string_view digits) {
  if (digits.size() != 2) bad_table("half a byte");
  return static_cast<char>(hex_digit(digits[0]) << 4 | hex_digit(digits[1]));
}

std::string repeat(std::string_view unit, std::string_view count) {
  std::string text;
  for (unsigned long left = std::stoul(std::string(count)); left > 0; --left) text += unit;
  return text;
}

// Splits at the first space: "in  8100" is "in" and "8100".
std::pair<std::string, std::string> split_word(std::string_view line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::size_t rest = std::min(line.find_first_not_of(' ', end), line.size());
  return {std::string(line.substr(0, end)), std::string(line.substr(rest))};
}

void add_line(Row& row, std::string_view line) {
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent == 2) {
    row.lines.push_back(split_word(line.substr(indent)));
  } else {
    row.lines.back().second.append("\n").append(line.substr(indent));
  }
}

}  // namespace

std::vector<std::string> Row::values(std::string_view key) const {
  std::vector<std::string> found;
  for (const auto& [name, value] : lines) {
    if (name == key) found.push_back(value);
  }
  return found;
}

std::string Row::value(std::string_view key) const {
  const auto found = values(key);
  if (found.size() > 1) bad_table(id + " has more than one " + std::string(key));
  return found.empty() ? std::string() : found.front();
}

std::vector<Row> read_rows(const std::string& file) {
  std::ifstream in(std::string(TEST_DATA_DIR "/") + file);
  if (!in) bad_table("cannot read " + file);
  std::vector<Row> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == ' ') {
      add_line(rows.back(), line);
      continue;
    }
    auto [id, rest] = split_word(line);
    auto [role, title] = split_word(rest);
    rows.push_back({id, role, title, {}});
  }
  return rows;
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  std::string unit;  // what a '*' would repeat
  for (std::size_t at = 0; at < text.size();) {
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
    } else if (text[at] == '(') {
      const std::size_t end = text.find(')', at);
      unit = from_hex(text.substr(at + 1, end - at - 1));
      bytes += unit;
      at = end + 1;
    } else if (text[at] == '*') {
      const std::size_t end = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
      bytes.resize(bytes.size() - unit.size());
      bytes += repeat(unit, text.substr(at + 1, end - at - 1));
      at = end;
    } else {
      unit = hex_byte(text.substr(at, 2));
      bytes += unit;
      at += 2;
    }
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += {digits[value >> 4U], digits[value & 15U]};
  }
  return text;
}

std::string from_escaped(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') continue;
    if (text[at] == '{') {
      const std::size_t end = text.find('}', at);
      const std::size_t star = text.rfind('*', end);
      bytes += repeat(from_escaped(text.substr(at + 1, star - at - 1)), text.substr(star + 1, end - star - 1));
      at = end;
    } else if (text[at] != '\\') {
      bytes += text[at];
    } else if (text[++at] == 'x') {
      bytes += hex_byte(text.substr(at + 1, 2));
      at += 2;
    } else {
      bytes += text[at] == 'r' ? '\r' : text[at] == 'n' ? '\n' : text[at];
    }
  }
  return bytes;
}

}  // namespace wscope::test
