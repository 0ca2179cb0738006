#include "serve/program_input.h"

#include <charconv>
#include <utility>

#include "base/base64.h"
#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::serve {
namespace {

constexpr std::uint16_t largest_side = 9999;

base::Error complaint(std::string message) { return {base::ErrorKind::protocol, std::move(message)}; }

// A number of rows or columns; nothing if it is none.
std::optional<std::uint16_t> read_side(std::string_view object, std::string_view key) {
  const std::string_view value = talk::find_member(object, key).value_or("");
  std::uint16_t side = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), side);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return side >= 1 && side <= largest_side ? std::optional(side) : std::nullopt;
}

// Nothing if there is no such string.
std::optional<std::string> read_string(std::string_view object, std::string_view key) {
  const auto value = talk::find_member(object, key);
  if (!value || talk::type_of(*value) != talk::JsonType::string || !talk::has_whole_pairs(*value)) return std::nullopt;
  return talk::unescape_json(*value);
}

}  // namespace

base::Result<ProgramInput::Given> ProgramInput::take(const ws::Message& message, const view::Stamp& stamp) {
  if (options_.keys) {
    const bool is_object = options_.format == ExecFormat::json && message.type == ws::Opcode::text;
    return is_object ? take_object(message.text()) : Given{.body = message.data};
  }
  switch (options_.format) {
    case ExecFormat::lines:
      look_for('\n', message.data);
      return Given{.body = message.data, .end = message.finished ? "\n" : ""};
    case ExecFormat::nul:
      look_for('\0', message.data);
      return Given{.body = message.data, .end = message.finished ? std::string_view("\0", 1) : ""};
    case ExecFormat::base64:
      return encode(message);
    case ExecFormat::json:
      line_.clear();
      view::append_message(stamp, wire::Direction::in, message.type, message.data, line_);
      return Given{.body = base::as_bytes(line_)};
    case ExecFormat::whole:
    case ExecFormat::raw:
      break;
  }
  return Given{.body = message.data};
}

void ProgramInput::look_for(char end_byte, base::Bytes data) noexcept {
  if (!told_ && !ambiguous_) ambiguous_ = base::as_text(data).find(end_byte) != std::string_view::npos;
}

bool ProgramInput::take_ambiguity() noexcept {
  told_ = told_ || ambiguous_;
  return std::exchange(ambiguous_, false);
}

ProgramInput::Given ProgramInput::encode(const ws::Message& message) {
  if (message.first) quantum_.clear();
  base::Bytes data = message.data;
  if (!quantum_.empty()) {
    quantum_ += base::as_text(data);
    data = base::as_bytes(quantum_);
  }
  const std::size_t rest = message.finished ? 0 : data.size() % 3;
  line_ = base::base64_encode(data.first(data.size() - rest));
  quantum_ = std::string(base::as_text(data.last(rest)));
  return {.body = base::as_bytes(line_), .end = message.finished ? "\n" : ""};
}

base::Result<ProgramInput::Given> ProgramInput::take_object(std::string_view text) {
  const std::string_view object = talk::trim_json(text);
  if (!object.starts_with('{') || !talk::is_json(object)) return complaint("is not a JSON object");
  const std::string type = read_string(object, "type").value_or("");
  if (type == "text") {
    auto keys = read_string(object, "data");
    if (!keys) return complaint("has no \"data\" that is a string");
    line_ = std::move(*keys);
    return Given{.body = base::as_bytes(line_)};
  }
  if (type != "resize") return complaint("has no \"type\" that is \"text\" or \"resize\"");
  const auto rows = read_side(object, "rows");
  const auto columns = read_side(object, "cols");
  if (!rows || !columns) return complaint("has no \"cols\" and \"rows\" that are whole numbers from 1 to 9999");
  return Given{.resize = TerminalSize{*rows, *columns}};
}

}  // namespace wscope::serve
