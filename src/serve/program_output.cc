#include "serve/program_output.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "talk/json.h"
#include "view/json.h"

namespace wscope::serve {
namespace {

using streams::LineEnd;
using streams::MessageType;

// What is kept for the next message; a larger block goes.
constexpr std::size_t kept_memory = std::size_t{64} << 10;

bool sends_text(const ProgramOutput::Options& options) noexcept {
  if (options.format == ExecFormat::base64) return false;
  return options.names_stream || options.type == MessageType::text;
}

LineEnd line_end_of(ExecFormat format) noexcept {
  switch (format) {
    case ExecFormat::nul:
      return LineEnd::nul;
    case ExecFormat::whole:
      return LineEnd::none;
    case ExecFormat::raw:
      return LineEnd::anywhere;
    case ExecFormat::lines:
    case ExecFormat::base64:
    case ExecFormat::json:
      break;
  }
  return LineEnd::line_feed;
}

// How long a line may be that stands for a message of `longest` bytes: all of it as \u0000, and some keys.
std::size_t longest_object(std::uint64_t longest) noexcept {
  constexpr std::uint64_t keys = 4096;
  return longest > SIZE_MAX / 16 ? SIZE_MAX - 1 : static_cast<std::size_t>(6 * longest + keys);
}

OutputCutter::Options cutter_options(const ProgramOutput::Options& options) {
  OutputCutter::Options cutter{.line_end = line_end_of(options.format)};
  if (options.format == ExecFormat::json) {
    cutter.longest_held = longest_object(options.longest_held) + 1;  // the CR
  } else if (options.format == ExecFormat::base64) {
    cutter.whole = OutputCutter::Whole::quanta;
  } else if (sends_text(options)) {
    cutter.whole = OutputCutter::Whole::characters;
  }
  return cutter;
}

OutputFlaw make_flaw(std::string reason, const std::string& where, std::string hint = {}) {
  base::Error error{base::ErrorKind::io, reason + ": " + where, std::move(hint)};
  return {std::move(reason), std::move(error)};
}

}  // namespace

OutputFlaw describe_flaw(const base::Utf8Flaw& flaw) {
  std::string text = flaw.size == 1 ? "byte" : "bytes";
  for (std::size_t i = 0; i < flaw.size; ++i) text += fmt::format(" {:02x}", std::to_integer<unsigned>(flaw.bytes[i]));
  text += fmt::format(" at offset {}{}", flaw.offset, flaw.cut ? ", where it ends" : "");
  return make_flaw("output is not UTF-8", text, "--exec-format raw sends bytes");
}

ProgramOutput::ProgramOutput(const Options& options)
    : options_(options),
      type_(sends_text(options) ? ws::Opcode::text : ws::Opcode::binary),
      cutter_(cutter_options(options)),
      item_{.instruction = ws::Piece{}} {}

const OutputItem* ProgramOutput::next() {
  if (storage_.capacity() > kept_memory) std::string().swap(storage_);
  while (!flaw_) {
    const auto piece = cutter_.next();
    if (!piece) return nullptr;
    if (take(*piece)) return &item_;
  }
  return nullptr;
}

bool ProgramOutput::take(const OutputCutter::Piece& piece) {
  if (options_.format == ExecFormat::json) return take_object(piece);
  if (options_.format == ExecFormat::base64) return take_base64(piece);
  if (type_ == ws::Opcode::text && !is_text(piece)) return false;
  return options_.names_stream ? take_named(piece) : give(piece.data, piece.finished);
}

bool ProgramOutput::is_text(const OutputCutter::Piece& piece) {
  if (base::is_utf8(piece.data)) return true;
  return fail(describe_flaw(base::find_utf8_flaw({}, piece.data, piece.offset)));
}

bool ProgramOutput::give(base::Bytes payload, bool finished) {
  item_.instruction = ws::Piece{.opcode = in_message_ ? ws::Opcode::continuation : type_,
                                .payload = payload,
                                .finished = finished,
                                .known_utf8 = type_ == ws::Opcode::text};
  in_message_ = !finished;
  return true;
}

bool ProgramOutput::take_base64(const OutputCutter::Piece& piece) {
  const auto bytes = base::base64_decode(base::as_text(piece.data));
  const bool padded = !piece.data.empty() && piece.data.back() == std::byte{'='};
  if (!bytes || (padded && !piece.finished)) {
    return fail(
        make_flaw("output is not base64", fmt::format("the line, or the part of one, at offset {}", piece.offset)));
  }
  storage_ = base::as_text(*bytes);
  return give(base::as_bytes(storage_), piece.finished);
}

bool ProgramOutput::take_named(const OutputCutter::Piece& piece) {
  storage_ = in_message_ ? "" : R"({"stream":"stdout","data":)";
  const std::size_t quote = storage_.size();
  talk::append_json_string(base::as_text(piece.data), storage_);
  if (in_message_) storage_.erase(quote, 1);  // the string goes on
  if (!piece.finished) storage_.pop_back();
  if (piece.finished) storage_ += '}';
  return give(base::as_bytes(storage_), piece.finished);
}

bool ProgramOutput::take_object(const OutputCutter::Piece& piece) {
  if (!passing_) ++line_;
  if (std::exchange(passing_, !piece.finished)) return false;
  const std::string where = fmt::format("line {}, at offset {}", line_, piece.offset);
  const std::string too_long = fmt::format("output has a message of more than {} bytes", options_.longest_held);
  const bool fits = piece.finished && piece.data.size() <= longest_object(options_.longest_held);
  if (!fits) return fail(make_flaw(too_long, where, "--max-size allows more"));
  auto read = view::read_event(base::as_text(piece.data), storage_);
  if (!read) return fail(make_flaw("output " + read.error().message, where));
  if (!*read) return false;
  if (storage_.size() > options_.longest_held) return fail(make_flaw(too_long, where, "--max-size allows more"));
  item_ = {(*read)->instruction, std::move((*read)->recipients)};
  return true;
}

bool ProgramOutput::fail(OutputFlaw flaw) {
  flaw_ = std::move(flaw);
  return false;
}

std::string stream_message(std::string_view stream, base::Bytes line) {
  std::string message;
  view::JsonObject object(message);
  object.word("stream", stream);
  if (base::is_utf8(line)) {
    object.text("data", base::as_text(line));
  } else {
    object.base64("base64", line);
  }
  object.end();
  message.pop_back();  // the line feed
  return message;
}

std::optional<base::Bytes> ProgramErrors::next() {
  while (rest_.empty()) {
    const auto piece = cutter_.next();
    if (!piece) return std::nullopt;
    const bool ends_cut = std::exchange(cut_, !piece->finished);
    if (!piece->data.empty()) {
      rest_ = piece->data;
    } else if (!ends_cut) {
      return base::Bytes();
    }
  }
  const std::string_view text = base::as_text(rest_);
  std::size_t size = text.size();
  if (size > longest_line) size = base::is_utf8(rest_) ? base::utf8_prefix(text, longest_line).size() : longest_line;
  rest_ = rest_.subspan(size);
  return base::as_bytes(text.substr(0, size));
}

}  // namespace wscope::serve
