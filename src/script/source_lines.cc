#include "script/source_lines.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/utf8.h"
#include "view/escape.h"

namespace wscope::script {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view without_indent(std::string_view line) noexcept {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return line;
}

std::string_view without_trailing_blanks(std::string_view line) noexcept {
  const std::size_t last = line.find_last_not_of(blanks);
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool is_joined(std::string_view line) noexcept {
  const std::size_t last = line.find_last_not_of('\\');
  const std::size_t backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  return backslashes % 2 == 1;
}

// The name behind << at the end of a line; empty: there is none.
struct Opening {
  std::string_view name{};
  bool plain = false;
  std::size_t size = 0;  // of all of it
};

Opening opening_of(std::string_view text) noexcept {
  const std::size_t blank = text.find_last_of(blanks);
  std::string_view word = blank == std::string_view::npos ? text : text.substr(blank + 1);
  const std::size_t size = word.size();
  if (!word.starts_with("<<")) return {};
  word.remove_prefix(2);
  const bool plain = word.size() > 2 && word.front() == '\'' && word.back() == '\'';
  if (plain) word = word.substr(1, word.size() - 2);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool is_name = !word.empty() && is_letter(word.front()) && std::all_of(word.begin(), word.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
  return is_name ? Opening{word, plain, size} : Opening{};
}

}  // namespace

LinePlace SourceLine::place(std::size_t at) const {
  if (at > text.size() && document) return {document_line, 1};
  const Piece& piece = *std::prev(
      std::upper_bound(pieces.begin(), pieces.end(), at, [](std::size_t a, const Piece& b) { return a < b.at; }));
  const std::string_view before = std::string_view(text).substr(piece.at, at - piece.at);
  return {piece.line, piece.indent + talk::column_of(before, before.size())};
}

std::string_view SourceLine::shown(std::size_t at, std::size_t& within) const {
  auto behind =
      std::upper_bound(pieces.begin(), pieces.end(), at, [](std::size_t a, const Piece& b) { return a < b.at; });
  const std::size_t begin = std::prev(behind)->at;
  const std::size_t end = behind == pieces.end() ? text.size() : behind->at;
  within = std::min(at, end) - begin;
  return std::string_view(text).substr(begin, end - begin);
}

base::Error describe(const LineFlaw& flaw, const std::string& name) {
  const std::string place =
      name + ":" + std::to_string(flaw.place.line) + ":" + std::to_string(flaw.place.column) + ": ";
  base::Error error = talk::describe(flaw.flaw, flaw.shown);
  error.message.insert(0, place);
  return error;
}

SourceLines::SourceLines(std::string_view text) noexcept : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

void SourceLines::fail(LinePlace place, std::string message, std::string_view shown, std::size_t at) {
  if (!flaw_) flaw_ = LineFlaw{place, {at, std::move(message)}, std::string(shown)};
}

bool SourceLines::check(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) {
    fail({line_, 1}, "there is a NUL in this line", "", 0);
  } else if (!base::is_utf8(base::as_bytes(line))) {
    fail({line_, 1}, "this line is not UTF-8", "", 0);
  }
  return !flaw_;
}

// Of the file, without its end.
std::optional<std::string_view> SourceLines::take() {
  if (rest_.empty()) return std::nullopt;
  const std::size_t end = rest_.find('\n');
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  ++line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!check(line)) return std::nullopt;
  return line;
}

std::optional<SourceLine> SourceLines::next() {
  while (const auto taken = take()) {
    const std::string_view line = without_indent(*taken);
    if (line.empty()) continue;
    const bool comment = line.front() == '#';
    if (comment && !line.starts_with("## ")) continue;
    SourceLine read;
    read.comment = comment;
    join(read, *taken);
    if (flaw_) return std::nullopt;
    if (!comment && !read_document(read)) return std::nullopt;
    return read;
  }
  return std::nullopt;
}

void SourceLines::join(SourceLine& line, std::string_view first) {
  std::string_view part = first;
  while (true) {
    const std::string_view text = without_indent(part);
    const std::size_t indent = part.size() - text.size();
    const bool joined = !line.comment && is_joined(text) && !rest_.empty();
    line.pieces.push_back({line.text.size(), line_, indent});
    line.text += joined ? text.substr(0, text.size() - 1) : without_trailing_blanks(text);
    if (!joined) return;
    const auto next = take();
    if (!next) return;
    part = *next;
  }
}

// What stands in front of the closing name is taken off each line as far as it has it.
bool SourceLines::read_document(SourceLine& line) {
  const Opening opening = opening_of(line.text);
  if (opening.name.empty()) return true;
  const std::string name(opening.name);
  const LinePlace begin = line.place(line.text.size() - opening.size);
  line.document_plain = opening.plain;
  line.document_line = line_ + 1;
  std::vector<std::string_view> lines;
  while (true) {
    const auto taken = take();
    if (!taken) {
      fail(begin, "no line holds " + name + " alone", line.text, line.text.size() - opening.size);
      return false;
    }
    if (without_trailing_blanks(without_indent(*taken)) != name) {
      lines.push_back(*taken);
      continue;
    }
    const std::string_view indent = taken->substr(0, taken->find_first_not_of(blanks));
    std::string& document = line.document.emplace();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string_view text = lines[i];
      const std::size_t common = static_cast<std::size_t>(
          std::mismatch(indent.begin(), indent.end(), text.begin(), text.end()).first - indent.begin());
      text.remove_prefix(common);
      if (i > 0) document += '\n';
      document += text;
    }
    break;
  }
  line.text.resize(line.text.size() - opening.size);
  line.text = std::string(without_trailing_blanks(line.text));
  return true;
}

}  // namespace wscope::script
