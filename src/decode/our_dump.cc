#include "decode/our_dump.h"

#include <algorithm>
#include <charconv>

namespace wscope::decode {
namespace {

constexpr std::string_view kinds[] = {"CONT", "TEXT", "BINARY",  "CLOSE",
                                      "PING", "PONG", "OPCODE-", "incomplete header"};
constexpr std::string_view indentation = "        ";
constexpr std::string_view more = "… ";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view take_number(std::string_view& text, std::uint64_t& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(error == std::errc() ? static_cast<std::size_t>(end - text.data()) : 0);
  return text;
}

// "[3] "
void take_stream(std::string_view& text, OurLine& line) noexcept {
  if (text.size() < 2 || text[0] != '[' || !is_digit(text[1])) return;
  std::string_view rest = text.substr(1);
  std::uint64_t number = 0;
  if (!take_number(rest, number).starts_with("] ")) return;
  line.stream = number;
  text = rest.substr(2);
}

// "09:12:01.123456 "
void take_time(std::string_view& text) noexcept {
  constexpr std::string_view shape = "00:00:00.000000 ";
  if (text.size() < shape.size()) return;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return;
  }
  text.remove_prefix(shape.size());
}

bool names_a_kind(std::string_view text) noexcept {
  return std::any_of(std::begin(kinds), std::end(kinds), [text](std::string_view kind) {
    if (!text.starts_with(kind)) return false;
    return kind.ends_with('-') || text.size() == kind.size() || text[kind.size()] == ' ';
  });
}

bool begins_head(std::string_view text) noexcept {
  return text.starts_with("HTTP/1.") || (text.starts_with("GET ") && text.find(" HTTP/1.") != std::string_view::npos);
}

}  // namespace

OurLine read_our_line(std::string_view line, bool in_head) noexcept {
  OurLine read;
  if (line.starts_with("* ")) {
    read.kind = OurLine::Kind::note;
    return read;
  }
  if (line.starts_with("  ") && line.find("  |") != std::string_view::npos && !line.starts_with("   ")) {
    read.kind = OurLine::Kind::bytes;
    return read;
  }
  if (line.starts_with(indentation)) {
    std::string_view text = line.substr(indentation.size());
    if (!text.starts_with(more)) return read;
    text.remove_prefix(more.size());
    if (take_number(text, read.number).starts_with(" more byte")) read.kind = OurLine::Kind::hole;
    return read;
  }
  take_stream(line, read);
  take_time(line);
  if (line.empty() || (line[0] != '>' && line[0] != '<')) return read;
  read.direction = line[0] == '>' ? wire::Direction::out : wire::Direction::in;
  line.remove_prefix(1);
  const bool is_spaced = line.starts_with(' ');
  read.text = line.substr(is_spaced ? 1 : 0);
  if (is_spaced && names_a_kind(read.text)) {
    read.kind = OurLine::Kind::frame;
  } else if ((in_head && (is_spaced || line.empty())) || (is_spaced && begins_head(read.text))) {
    read.kind = OurLine::Kind::head;
  }
  return read;
}

}  // namespace wscope::decode
