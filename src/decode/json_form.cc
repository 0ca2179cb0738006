#include "decode/json_form.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/hex.h"
#include "base/utf8.h"
#include "decode/text_position.h"
#include "talk/json.h"
#include "talk/json_reader.h"
#include "view/counted.h"
#include "view/timestamp.h"
#include "wire/header_parser.h"
#include "ws/extension_header.h"

namespace wscope::decode {
namespace {

std::optional<std::string> text_of(std::string_view event, std::string_view key) {
  const auto value = talk::find_member(event, key);
  if (!value || talk::type_of(*value) != talk::JsonType::string) return std::nullopt;
  return talk::unescape_json(*value);
}

std::optional<std::uint64_t> number_of(std::string_view event, std::string_view key) {
  const auto value = talk::find_member(event, key);
  if (!value) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc() || end != value->data() + value->size()) return std::nullopt;
  return number;
}

// What the handshake agreed on, of the extensions of an open event.
std::optional<ws::DeflateParameters> agreement_of(std::string_view event) {
  const auto list = talk::find_member(event, "extensions");
  if (!list || talk::type_of(*list) != talk::JsonType::array) return std::nullopt;
  talk::JsonItems items(*list);
  while (items.next()) {
    if (talk::type_of(items.value()) != talk::JsonType::string) continue;
    const auto extensions = ws::parse_extensions(talk::unescape_json(items.value()));
    if (!extensions || extensions->front().name != "permessage-deflate") continue;
    const auto parameters = ws::parse_deflate_parameters(extensions->front().parameters);
    return parameters ? std::optional(*parameters) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

base::Result<void> JsonForm::receive(base::Bytes piece) {
  std::string_view text = base::as_text(piece);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line_ += text.substr(0, end);
    if (line_.size() > longest_line) return error_at_column(0, "a line of more than 256 MiB");
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (auto taken = take_line(line_); !taken) return taken;
    line_.clear();
    ++number_;
  }
  return {};
}

base::Result<void> JsonForm::receive_eof() {
  if (auto taken = take_line(line_); !taken) return taken;
  if (frames_ > 0 || messages_ == 0) return {};
  return base::Error{base::ErrorKind::io,
                     "no frames: it has " + view::counted(messages_, "message") + " as they were, not as they came",
                     "--frames has them recorded, too"};
}

base::Result<void> JsonForm::take_line(std::string_view line) {
  const std::string_view event = talk::trim_json(line);
  if (event.empty()) return {};
  if (!base::is_utf8(base::as_bytes(event))) return error_at_column(0, "a line that is not UTF-8");
  talk::JsonReader reader(event);
  while (reader.next()) continue;
  if (!reader.complete() || !reader.at_end()) {
    const auto in_front = static_cast<std::size_t>(event.data() - line.data());
    return error_at_column(in_front + reader.position(), "this is not JSON");
  }
  if (talk::type_of(event) != talk::JsonType::object) return error_at_column(0, "a line that is no object");
  const std::string name = text_of(event, "event").value_or("");
  const std::uint64_t stream = number_of(event, "conn").value_or(1);
  if (name == "text" || name == "binary") ++messages_;
  if (name == "open") take_open(event, stream);
  if (name == "closed") end(stream);
  return name == "frame" ? take_frame(event, stream) : base::Result<void>();
}

void JsonForm::take_open(std::string_view event, std::uint64_t stream) {
  end(stream);  // a number may come again
  report_.agree(stream, agreement_of(event));
}

base::Result<void> JsonForm::take_frame(std::string_view event, std::uint64_t stream) {
  const auto hex = text_of(event, "hex");
  const auto bytes = hex ? base::hex_decode(*hex) : std::nullopt;
  if (!bytes) return error_at_column(0, "a frame without its bytes as \"hex\"");
  const base::Bytes kept = base::as_bytes(*bytes);
  const std::size_t header = wire::header_size(kept);
  if (kept.size() < header) return error_at_column(0, "a frame without its header");
  const std::uint64_t length = wire::parse_header(kept).length;
  if (kept.size() - header > length) return error_at_column(0, "a frame that is longer than it says");
  ++frames_;
  const bool in = text_of(event, "dir") == "in";
  if (stream != 1) report_.set_numbered();
  report_.set_directed();
  const Place place{stream, in ? wire::Direction::in : wire::Direction::out,
                    view::parse_rfc3339(text_of(event, "time").value_or(""))};
  std::uint64_t& next = offsets_[stream][static_cast<std::size_t>(place.direction)];
  const std::uint64_t offset = number_of(event, "offset").value_or(next);
  report_.receive(place, kept, offset);
  const std::uint64_t missing = length - (kept.size() - header);
  if (missing > 0) report_.receive_hole(place, missing, offset + kept.size());
  next = offset + header + length;
  return {};
}

void JsonForm::end(std::uint64_t stream) {
  report_.receive_eof({stream, wire::Direction::out});
  report_.receive_eof({stream, wire::Direction::in});
  offsets_.erase(stream);
}

base::Error JsonForm::error_at_column(std::size_t column, std::string_view why) const {
  return error_at({number_, column + 1}, why);
}

}  // namespace wscope::decode
