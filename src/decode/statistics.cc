#include "decode/statistics.h"

#include <algorithm>

#include <fmt/format.h>

#include "view/counted.h"
#include "view/json.h"
#include "ws/opcode.h"

namespace wscope::decode {
namespace {

std::string name_of(std::size_t opcode) {
  const auto bits = static_cast<std::uint8_t>(opcode);
  if (!ws::is_known_opcode(bits)) return fmt::format("opcode {}", opcode);
  return std::string(ws::name(static_cast<ws::Opcode>(bits)));
}

constexpr wire::Direction directions[] = {wire::Direction::out, wire::Direction::in};

}  // namespace

void Statistics::add(wire::Direction direction, const wire::Frame& frame, std::uint64_t header_size,
                     MessageCount& message) {
  ++frames_;
  bytes_ += header_size + frame.length;
  Row& row = rows_[static_cast<std::size_t>(direction)][frame.opcode];
  ++row.frames;
  row.bytes += frame.length;
  row.least = std::min(row.least, frame.length);
  row.most = std::max(row.most, frame.length);
  if (frame.inflated) {
    compressed_.bytes += frame.length;
    compressed_.inflated += frame.inflated->size;
  }
  if (frame.opcode > static_cast<std::uint8_t>(ws::Opcode::binary)) return;
  if (frame.opcode != 0) message = {true, frame.opcode == 1, (frame.rsv & ws::rsv1) != 0};
  if (!message.begun) return;
  ++message.frames;
  message.size += frame.length;
  if (!frame.fin) return;
  message.begun = false;
  ++(message.is_text ? messages_.text : messages_.binary);
  if (message.frames > 1) ++messages_.fragmented;
  if (message.is_compressed) ++compressed_.messages;
  messages_.largest = std::max(messages_.largest, message.size);
}

void Statistics::add(std::span<const Finding> findings) {
  for (const Finding& finding : findings) {
    ++findings_;
    const auto same = std::find_if(rules_.begin(), rules_.end(),
                                   [&finding](const Rule& rule) { return rule.section == finding.section; });
    if (same != rules_.end()) {
      ++same->times;
    } else if (rules_.size() < rules_kept) {
      rules_.push_back({finding.section, 1, finding.offset, finding.message});
    }
  }
}

void Statistics::add_row(std::string& out, const view::Style& style, std::string_view name, const Row& row) const {
  out += style(view::Meaning::frame_kind, fmt::format("{:<16}", name));
  out += fmt::format("{:>12} {:>16} {:>12} {:>12} {:>12}\n", row.frames, row.bytes, row.least, row.most,
                     row.bytes / row.frames);
}

std::string Statistics::describe_rows(const view::Style& style) const {
  std::string out = style(view::Meaning::dimmed, fmt::format("{:<16}{:>12} {:>16} {:>12} {:>12} {:>12}", "", "frames",
                                                             "payload bytes", "least", "most", "mean"));
  out += '\n';
  for (const wire::Direction direction : directions) {
    const auto& rows = rows_[static_cast<std::size_t>(direction)];
    for (std::size_t opcode = 0; opcode < opcodes; ++opcode) {
      if (rows[opcode].frames == 0) continue;
      const char* arrow = direction == wire::Direction::out ? "> " : "< ";
      add_row(out, style, arrow + name_of(opcode), rows[opcode]);
    }
  }
  return out;
}

std::string Statistics::describe_rules(const view::Style& style) const {
  std::string out = fmt::format("{:<16}{:>12}\n", "violations", findings_);
  for (const Rule& rule : rules_) {
    out += style(view::Meaning::error, fmt::format("  {:<14}{:>12}", rule.section, rule.times));
    out += fmt::format("  the first at offset {}: {}\n", rule.offset, rule.message);
  }
  return out;
}

std::string Statistics::describe(const view::Style& style) const {
  std::string out = frames_ > 0 ? describe_rows(style) : std::string();
  out += fmt::format("{:<16}{:>12} {:>16} bytes on the wire\n", "frames", frames_, bytes_);
  out += fmt::format("{:<16}{:>12}", "messages", messages_.text + messages_.binary);
  if (messages_.text + messages_.binary > 0) {
    out += fmt::format("  {} text, {} binary, {} in fragments, the largest of {}", messages_.text, messages_.binary,
                       messages_.fragmented, view::counted(messages_.largest, "byte"));
  }
  out += '\n';
  if (compressed_.messages > 0) {
    out += fmt::format("{:<16}{:>12}", "compressed", compressed_.messages);
    if (compressed_.inflated > 0) {
      out += fmt::format("  {} inflate to {}: {:.1f} %", view::counted(compressed_.bytes, "byte"), compressed_.inflated,
                         100.0 * static_cast<double>(compressed_.bytes) / static_cast<double>(compressed_.inflated));
    }
    out += '\n';
  }
  return out + describe_rules(style);
}

void Statistics::append_event(const view::Stamp& stamp, std::string& out) const {
  struct OpcodeRow {
    wire::Direction direction;
    std::size_t opcode;
    const Row* row;
  };
  std::vector<OpcodeRow> rows;
  for (const wire::Direction direction : directions) {
    for (std::size_t opcode = 0; opcode < opcodes; ++opcode) {
      const Row& row = rows_[static_cast<std::size_t>(direction)][opcode];
      if (row.frames > 0) rows.push_back({direction, opcode, &row});
    }
  }
  view::JsonObject event(out);
  event.word("event", "stats").time("time", stamp.time).number("conn", stamp.connection.value_or(0));
  event.number("frames", frames_).number("bytes", bytes_).number("messages", messages_.text + messages_.binary);
  event.number("text", messages_.text).number("binary", messages_.binary).number("fragmented", messages_.fragmented);
  event.number("largest", messages_.largest).number("compressed", compressed_.messages);
  event.number("compressed_bytes", compressed_.bytes).number("inflated_bytes", compressed_.inflated);
  event.objects("opcodes", rows, [](view::JsonObject& object, const OpcodeRow& row) {
    object.word("dir", row.direction == wire::Direction::in ? "in" : "out").number("opcode", row.opcode);
    object.number("frames", row.row->frames).number("bytes", row.row->bytes);
    object.number("least", row.row->least).number("most", row.row->most);
  });
  event.number("violations", findings_);
  event.objects("sections", rules_, [](view::JsonObject& object, const Rule& rule) {
    object.word("section", rule.section).number("times", rule.times).number("offset", rule.offset);
  });
  event.end();
}

}  // namespace wscope::decode
