#include "report/entry_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "term/cells.h"
#include "view/counted.h"
#include "view/diff.h"
#include "view/escape.h"
#include "view/hexdump.h"
#include "view/json_layout.h"

namespace wscope::report {
namespace {

// Hours to milliseconds.
constexpr std::size_t shown_time = sizeof "09:12:01.123" - 1;
// Of a payload in a line that is cut to no width.
constexpr std::size_t most_of_line = std::size_t{64} << 10;

std::string cut(std::string line, std::size_t columns) {
  std::size_t width = 0;
  std::size_t taken = 0;
  std::size_t fitting = 0;  // with a sign that there was more
  while (taken < line.size()) {
    const term::Cluster cluster = term::first_cluster(std::string_view(line).substr(taken));
    if (width + cluster.width > columns) {
      line.resize(fitting);
      return line += "…";
    }
    width += cluster.width;
    taken += cluster.bytes.size();
    if (width < columns) fitting = taken;
  }
  return line;
}

std::string payload_in_line(const Entry& entry, std::size_t most) {
  const base::Bytes bytes = base::as_bytes(entry.payload);
  if (entry.opcode == ws::Opcode::binary || !base::is_utf8(bytes)) {
    std::string digits;
    view::append_hex(bytes.first(std::min(bytes.size(), most / 2 + 1)), digits);
    return digits;
  }
  std::string text = view::escape(base::utf8_prefix(entry.payload, most));
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

std::string words_of(const Entry& entry, std::size_t most) {
  std::string words(ws::name(entry.opcode));
  if (entry.code) words += fmt::format(" {}", entry.code->value);
  if (!entry.payload.empty()) words += " " + payload_in_line(entry, most);
  if (entry.unanswered) words += " (no Pong)";
  if (!entry.complete()) words += fmt::format(" ({})", view::counted(entry.size, "byte"));
  return words;
}

std::string incomplete(const Entry& entry) {
  if (entry.complete()) return "";
  return fmt::format("… {} of {}\n", view::counted(entry.payload.size(), "byte"), entry.size);
}

std::string ended(std::string lines) {
  if (!lines.empty() && !lines.ends_with('\n')) lines += '\n';
  return lines;
}

bool is_text(const Entry& entry) {
  return entry.opcode != ws::Opcode::binary && base::is_utf8(base::as_bytes(entry.payload));
}

}  // namespace

std::string entry_line(const Entry& entry, bool names_connection, std::optional<std::size_t> columns) {
  std::string line = std::to_string(entry.number);
  if (names_connection) line += fmt::format(" [{}]", entry.connection);
  line += entry.direction == wire::Direction::in ? " < " : " > ";
  line += view::time_of_day(entry.time).substr(0, shown_time);
  if (entry.latency) line += fmt::format(" +{:.1f} ms", view::milliseconds(*entry.latency));
  line += " " + words_of(entry, columns ? *columns * 4 : most_of_line);
  if (columns) line = cut(std::move(line), std::max<std::size_t>(*columns, 2));
  return line + "\n";
}

base::Result<std::string> entry_text(const Entry& entry, EntryView view) {
  const base::Bytes bytes = base::as_bytes(entry.payload);
  if (view == EntryView::json) {
    auto json = view::pretty_json(entry.payload);
    if (json) return ended(std::move(*json));
    return base::Error{base::ErrorKind::not_now, fmt::format("#{} is no JSON", entry.number)};
  }
  const bool dumps = view == EntryView::hex || (view == EntryView::usual && entry.opcode == ws::Opcode::binary);
  std::string text = entry.code && view == EntryView::usual ? fmt::format("{} ", entry.code->value) : "";
  text += dumps ? view::hexdump(bytes) : view::escape(entry.payload, view::LineBreaks::keep);
  return ended(std::move(text)) + incomplete(entry);
}

std::string entry_diff(const Entry& from, const Entry& to) {
  const std::string names[] = {fmt::format("#{}", from.number), fmt::format("#{}", to.number)};
  auto json_from = view::pretty_json(from.payload);
  auto json_to = view::pretty_json(to.payload);
  if (json_from && json_to) return view::unified_diff(*json_from, *json_to, names[0], names[1]);
  const auto text = [dumps = !is_text(from) || !is_text(to)](const Entry& entry) {
    return dumps ? view::hexdump(base::as_bytes(entry.payload)) : view::escape(entry.payload, view::LineBreaks::keep);
  };
  return view::unified_diff(text(from), text(to), names[0], names[1]);
}

bool fits(std::string_view lines, std::size_t rows, std::size_t columns) {
  std::size_t taken = 1;
  while (!lines.empty() && taken <= rows) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    taken += std::max<std::size_t>((line.size() + columns - 1) / std::max<std::size_t>(columns, 1), 1);
  }
  return taken <= rows;
}

}  // namespace wscope::report
