#include "report/screen_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"
#include "term/cells.h"
#include "view/counted.h"
#include "view/escape.h"
#include "view/hexdump.h"
#include "view/json_layout.h"

namespace wscope::report {
namespace {

// "< "
constexpr std::size_t indentation = 2;
// A code point takes up to four bytes, and some are shown in less than one column.
constexpr std::size_t bytes_of_column = 8;
// Terminals have a stop for tabs every so many columns, and another one in their last column.
constexpr std::size_t tab_stop = 8;

// Rows for a message so that it, its prompt and the notice about its rest fit on the screen.
std::size_t rows_of_screen(term::ScreenSize size) { return std::max(size.rows, 6U) - 3; }

// Lines until there are as many rows as there may be.
class Rows {
 public:
  Rows(std::size_t most, std::size_t columns)
      : left_(most), columns_(std::max<std::size_t>(columns, indentation + 1)) {}

  /// Takes a line, which has no colours, as far as there is room. Returns how much of it, 0 if there is none.
  std::size_t take(std::string_view line) {
    if (left_ == 0) return 0;
    const std::size_t room = left_ * columns_ - indentation;
    std::size_t width = 0;
    std::size_t taken = 0;
    while (taken < line.size()) {
      const term::Cluster cluster = term::first_cluster(line.substr(taken));
      const std::size_t next = width + (cluster.bytes == "\t" ? width_of_tab(width) : cluster.width);
      if (next > room) break;
      width = next;
      taken += cluster.bytes.size();
    }
    const std::size_t rows = std::max<std::size_t>((width + indentation + columns_ - 1) / columns_, 1);
    left_ -= std::min(left_, rows);
    return taken;
  }
  [[nodiscard]] bool full() const noexcept { return left_ == 0; }

 private:
  // Behind so many columns of a line. At the end of a row the cursor is still in the last column.
  [[nodiscard]] std::size_t width_of_tab(std::size_t width) const noexcept {
    const std::size_t column = (indentation + width) % columns_;
    return column == 0 ? 0 : std::min(tab_stop - column % tab_stop, columns_ - 1 - column);
  }

  std::size_t left_;
  std::size_t columns_;
};

std::string notice(std::string_view text, const view::Style& style) {
  return std::string(indentation, ' ') + style(view::Meaning::dimmed, text) + "\n";
}

std::string rest_notice(std::uint64_t bytes, const view::Style& style) {
  return notice(fmt::format("… {}: /last shows all", view::counted(bytes, "more byte")), style);
}

view::Meaning meaning_of(wire::Direction direction) noexcept {
  return direction == wire::Direction::in ? view::Meaning::received : view::Meaning::sent;
}

std::string arrow_of(wire::Direction direction) { return direction == wire::Direction::in ? "< " : "> "; }

using Parts = std::vector<view::WrittenOut>;

// Safe text, of which those parts that are in it are told from the rest.
std::string in_style(std::string_view text, std::size_t begin, const Parts& parts, view::Meaning meaning,
                     const view::Style& style) {
  std::string out;
  std::size_t at = 0;
  const auto first = std::partition_point(parts.begin(), parts.end(),
                                          [begin](const view::WrittenOut& part) { return part.begin < begin; });
  for (auto part = first; part != parts.end() && part->begin < begin + text.size(); ++part) {
    const std::size_t place = part->begin - begin;
    out += style(meaning, text.substr(at, place - at));
    out += style(view::Meaning::written_out, text.substr(place, part->size));
    at = std::min(place + part->size, text.size());
  }
  return out += style(meaning, text.substr(at));
}

// Lines of safe text behind the arrow, each in its colour.
void append_lines(std::string_view text, const Parts& parts, view::Meaning meaning, const view::Style& style,
                  std::string& out) {
  for (std::size_t begin = 0;;) {
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    if (begin > 0) out += std::string(indentation, ' ');
    out += in_style(line, begin, parts, meaning, style) + "\n";
    begin += line.size() + 1;
    if (begin > text.size()) return;
  }
}

// As much of `text` as fits on the screen, escaped, which adds those parts of it. `taken`: bytes of it.
std::string cut_text(std::string_view text, term::ScreenSize size, std::size_t& taken, Parts& parts) {
  Rows rows(rows_of_screen(size), size.columns);
  std::string shown;
  taken = 0;
  while (!rows.full()) {
    const std::size_t end = std::min(text.find('\n', taken), text.size());
    // No more of an endless line than could be shown.
    const std::size_t most = rows_of_screen(size) * std::max(size.columns, 1U) * bytes_of_column;
    const std::string_view line = base::utf8_prefix(text.substr(taken, end - taken), most);
    Parts of_line;
    const std::string escaped = view::escape(line, view::LineBreaks::escape, of_line);
    const std::size_t fits = rows.take(escaped);
    if (taken != 0) shown += '\n';
    for (const view::WrittenOut& part : of_line) parts.push_back({shown.size() + part.begin, part.size});
    if (fits < escaped.size() || taken + line.size() < end) {
      shown += escaped.substr(0, fits);
      taken += escaped.size() == line.size() ? fits : line.size() * fits / std::max<std::size_t>(escaped.size(), 1);
      return shown;
    }
    shown += escaped;
    taken = end;
    if (end == text.size()) return shown;
    ++taken;
  }
  return shown;
}

std::string describe_text(std::string_view text, wire::Direction direction, bool whole, const view::Style& style,
                          term::ScreenSize size) {
  std::size_t taken = text.size();
  Parts parts;
  const std::string shown =
      whole ? view::escape(text, view::LineBreaks::keep, parts) : cut_text(text, size, taken, parts);
  std::string lines;
  append_lines(shown, parts, meaning_of(direction), style, lines);
  if (taken < text.size()) lines += rest_notice(text.size() - taken, style);
  return lines;
}

// Whether it is text that anybody can read, in lines.
bool is_printable_ascii(base::Bytes data) noexcept {
  return !data.empty() && std::all_of(data.begin(), data.end(), [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
  });
}

std::string describe_binary(base::Bytes data, bool whole, const view::Style& style, term::ScreenSize size) {
  const std::size_t room = (rows_of_screen(size) - 1) * view::bytes_per_line;
  const base::Bytes shown = data.first(whole ? data.size() : std::min(data.size(), room));
  std::string lines = style(view::Meaning::dimmed, "binary, " + view::counted(data.size(), "byte"));
  lines += "\n" + view::hexdump(shown, 0, style);
  if (shown.size() < data.size()) lines += rest_notice(data.size() - shown.size(), style);
  return lines;
}

// Takes a line off the front.
std::string_view take_line(std::string_view& lines) noexcept {
  const std::string_view line = lines.substr(0, lines.find('\n'));
  lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  return line;
}

// JSON in its lines, colours inside; nothing if it is none. What fits on the screen is found out without colours, and a
// line that does not fit has none.
std::optional<std::string> describe_json(std::string_view text, bool whole, const view::Style& style,
                                         term::ScreenSize size) {
  const auto plain = view::pretty_json(text);
  if (!plain) return std::nullopt;
  const auto colored = style.enabled() ? view::pretty_json(text, style) : plain;
  Rows rows(rows_of_screen(size), size.columns);
  std::string lines;
  std::string_view rest = *plain;
  std::string_view shown = *colored;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const std::string_view line_in_color = take_line(shown);
    const std::size_t fits = whole ? line.size() : rows.take(line);
    if (!lines.empty() && fits > 0) lines += std::string(indentation, ' ');
    if (fits > 0) lines += std::string(fits == line.size() ? line_in_color : line.substr(0, fits)) + "\n";
    // What is left of the indented text says nothing about the message.
    if (fits < line.size()) {
      return lines + notice(fmt::format("… {} in all: /last shows all", view::counted(text.size(), "byte")), style);
    }
  }
  return lines;
}

}  // namespace

std::string describe_message(const ShownMessage& message, const ScreenChoices& choices, const view::Style& style,
                             term::ScreenSize size) {
  std::string text(message.lead);
  const bool in = message.direction == wire::Direction::in;
  text += style(in ? view::Meaning::incoming : view::Meaning::outgoing, arrow_of(message.direction));
  if (message.type == ws::Opcode::binary && choices.ascii && is_printable_ascii(message.data)) {
    text += style(view::Meaning::dimmed, "binary: ");
    return text + describe_text(base::as_text(message.data), message.direction, choices.whole, style, size);
  }
  if (message.type == ws::Opcode::binary) return text + describe_binary(message.data, choices.whole, style, size);
  const std::string_view data = base::as_text(message.data);
  if (choices.json && !data.empty()) {
    if (const auto json = describe_json(data, choices.whole, style, size)) return text + *json;
  }
  return text + describe_text(data, message.direction, choices.whole, style, size);
}

}  // namespace wscope::report
