#include "view/wire_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/utf8.h"
#include "http/field_syntax.h"
#include "http/headers.h"
#include "http/url.h"
#include "view/counted.h"
#include "view/escape.h"
#include "view/hexdump.h"
#include "ws/close_code.h"

namespace wscope::view {
namespace {

constexpr std::string_view indentation = "        ";

char arrow(wire::Direction direction) noexcept { return direction == wire::Direction::out ? '>' : '<'; }

constexpr std::string_view masked = "***";

// What may be shown of the value of a field that is no secret.
std::string without_credentials(std::string_view name, std::string_view value) {
  return http::equals_ignoring_case(name, "Location") ? http::without_userinfo(value) : std::string(value);
}

// Goes through the lines of a head; it knows which of them hold secrets.
class HeadLines {
 public:
  explicit HeadLines(std::string_view head) : rest_(head) {}

  struct Line {
    std::string_view text;  // without its end
    std::string_view name;  // of the field that begins here, if one does
    bool folded = false;    // it goes on with the field before it
    bool secret = false;
    bool cut = false;  // the head was cut off in it
  };
  [[nodiscard]] std::optional<Line> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    Line line;
    line.cut = end == std::string_view::npos;
    line.text = rest_.substr(0, end);
    rest_.remove_prefix(line.cut ? rest_.size() : end + 1);
    if (!line.cut && line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (!begun_) {
      begun_ = !line.text.empty();
      return line;
    }
    line.folded = line.text.starts_with(' ') || line.text.starts_with('\t');
    if (!line.folded) {
      const std::size_t colon = line.text.find(':');
      if (colon != std::string_view::npos) line.name = line.text.substr(0, colon);
      secret_ = http::is_secret_field(http::trim_white_space(line.name));
    }
    line.secret = secret_;
    return line;
  }

 private:
  std::string_view rest_;
  bool begun_ = false;   // with the line that is no field, whatever is in it
  bool secret_ = false;  // the latest field
};

// What may be shown of the value of a field.
std::string value_of(const HeadLines::Line& line) {
  if (line.secret) return std::string(masked);
  return without_credentials(line.name, http::trim_white_space(line.text.substr(line.name.size() + 1)));
}

std::string show(const HeadLines::Line& line) {
  if (line.folded && line.secret) return " ***";
  const bool hides = line.secret || http::equals_ignoring_case(line.name, "Location");
  return hides ? escape(line.name) + ": " + escape(value_of(line)) : escape(line.text);
}

std::string_view opcode_name(std::uint8_t opcode) noexcept {
  constexpr std::array<std::string_view, 16> names = {"CONT", "TEXT", "BINARY", "",     "",    "",
                                                      "",     "",     "CLOSE",  "PING", "PONG"};
  return names[opcode & 15U];
}

std::string header_line(wire::Direction direction, const wire::Frame& frame, const FramePlace& place,
                        const Style& style) {
  const std::string_view name = opcode_name(frame.opcode);
  const std::string way(1, arrow(direction));
  std::string line;
  if (!place.stream.empty()) line += style(Meaning::dimmed, place.stream) + " ";
  if (place.time) line += style(Meaning::dimmed, time_of_day(*place.time)) + " ";
  line += style(direction == wire::Direction::out ? Meaning::outgoing : Meaning::incoming, way) + " ";
  line += style(Meaning::frame_kind, name.empty() ? fmt::format("OPCODE-{}", frame.opcode) : std::string(name));
  if (frame.fin) line += " fin";
  if ((frame.rsv & ws::rsv1) != 0) line += " rsv1";
  if ((frame.rsv & ws::rsv2) != 0) line += " rsv2";
  if ((frame.rsv & ws::rsv3) != 0) line += " rsv3";
  line += fmt::format(" len={}", frame.length);
  if (frame.mask) {
    line += " mask=";
    append_hex(*frame.mask, line);
  }
  if (frame.inflated) {
    line += fmt::format(" (deflated, {} B as {})", frame.inflated->size, ws::name(frame.inflated->type));
  }
  return line + "\n";
}

// What was kept of a text, up to its last whole code point; nothing if it is not UTF-8.
std::optional<std::string_view> kept_text(base::Bytes kept, bool cut) noexcept {
  base::Utf8Validator validator;
  if (!validator.receive(kept) || !(cut || validator.complete())) return std::nullopt;
  return base::as_text(kept.first(kept.size() - validator.pending()));
}

std::string quote(std::string_view text, bool cut) { return "\"" + escape(text) + (cut ? "\"…" : "\""); }

std::string close_in_words(base::Bytes payload, bool cut) {
  if (payload.size() < 2) return "";
  const ws::CloseCode code{base::load_big_endian<std::uint16_t>(payload.data())};
  std::string words = fmt::format("{} ({})", code.value, ws::name(code));
  const base::Bytes reason = payload.subspan(2);
  if (!reason.empty()) words += " " + quote(kept_text(reason, cut).value_or(base::as_text(reason)), cut);
  return words;
}

// Unlike one that is not compressed, it cannot be read in the dump: so it is shown whatever it is.
std::string in_words(const wire::InflatedPayload& inflated) {
  const bool cut = inflated.kept.size() < inflated.size;
  if (inflated.type != ws::Opcode::text || (cut && inflated.kept.empty())) return "";
  return quote(kept_text(inflated.kept, cut).value_or(base::as_text(inflated.kept)), cut);
}

// Empty if there is nothing to say.
std::string in_words(const wire::Frame& frame) {
  if (frame.inflated) return in_words(*frame.inflated);
  const bool cut = frame.payload.size() < frame.length;
  if ((frame.rsv & ws::rsv1) != 0 || (cut && frame.payload.empty()) || !ws::is_known_opcode(frame.opcode)) return "";
  const auto opcode = static_cast<ws::Opcode>(frame.opcode);
  if (opcode == ws::Opcode::close) return close_in_words(frame.payload, cut);
  const std::optional<std::string_view> text = kept_text(frame.payload, cut);
  if (!text) return "";
  if (opcode == ws::Opcode::text && frame.fin) return quote(*text, cut);
  const bool carries_any = opcode == ws::Opcode::ping || opcode == ws::Opcode::pong;
  return carries_any && !text->empty() && escape(*text) == *text ? quote(*text, cut) : "";
}

}  // namespace

std::string describe_head(wire::Direction direction, std::string_view head) {
  std::string text;
  HeadLines lines(head);
  while (const auto line = lines.next()) {
    text += arrow(direction);
    if (!line->text.empty()) text += ' ' + show(*line);
    text += line->cut ? "…\n" : "\n";
  }
  return text;
}

HeadParts take_apart(std::string_view head) {
  HeadParts parts;
  HeadLines lines(head);
  while (parts.start_line.empty()) {
    const auto line = lines.next();
    if (!line) break;
    parts.start_line = line->text;
  }
  while (const auto line = lines.next()) {
    if (line->name.empty()) continue;
    parts.fields.add(std::string(line->name), value_of(*line));
  }
  return parts;
}

http::Headers without_secrets(const http::Headers& fields) {
  http::Headers shown;
  for (const auto& [name, value] : fields) {
    shown.add(name, http::is_secret_field(name) ? std::string(masked) : without_credentials(name, value));
  }
  return shown;
}

std::string describe_frame(wire::Direction direction, const wire::Frame& frame, WallTime time, const Style& style) {
  return describe_frame(direction, frame, FramePlace{.time = time}, style);
}

std::string describe_frame(wire::Direction direction, const wire::Frame& frame, const FramePlace& place,
                           const Style& style) {
  std::string text = header_line(direction, frame, place, style);
  const std::size_t header_size = frame.bytes.size() - std::min(frame.bytes.size(), frame.payload.size());
  text += hexdump(frame.bytes, place.offset, style, header_size, place.marks);
  const std::uint64_t left_out = frame.length - frame.payload.size();
  if (left_out > 0 && place.complete) text += fmt::format("{}… {}\n", indentation, counted(left_out, "more byte"));
  const std::string words = in_words(frame);
  if (!words.empty()) text += fmt::format("{}{}\n", indentation, words);
  return text;
}

}  // namespace wscope::view
