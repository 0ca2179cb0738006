#include "streams/input_source.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/base64.h"
#include "base/hex.h"
#include "base/unescape.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/io.h"

namespace wscope::streams {
namespace {

// A line that is longer comes in pieces.
constexpr std::size_t buffer_size = std::size_t{256} * 1024;

// Who writes as much as fits into a pipe of the usual size has more.
constexpr std::size_t usual_pipe = std::size_t{64} * 1024;

// What is read is sent at once, in messages that are not longer than this.
constexpr std::size_t longest_read = std::size_t{64} * 1024;

LineEnd line_end_of(const InputSource::Options& options) noexcept {
  if (options.format == InputFormat::nul) return LineEnd::nul;
  if (options.format == InputFormat::whole) return LineEnd::none;
  if (options.format == InputFormat::raw) return LineEnd::anywhere;
  return options.keeps_line_ends ? LineEnd::kept : LineEnd::line_feed;
}

// How long a line may be that stands for a message of `longest` bytes: in hex with spaces, in base64, in JSON all of it
// as \u0000 and some keys, or as \U00000000.
std::uint64_t longest_line(const InputSource::Options& options) noexcept {
  const InputFormat format = options.format;
  const std::uint64_t longest = options.longest_held;
  constexpr std::uint64_t keys = 4096;
  if (longest > UINT64_MAX / 16) return UINT64_MAX;
  if (format == InputFormat::hex) return 3 * longest;
  if (format == InputFormat::base64) return 2 * longest;
  if (options.escapes) return 10 * longest;
  return format == InputFormat::json ? 6 * longest + keys : longest;
}

bool is_encoded(InputFormat format) noexcept {
  return format == InputFormat::hex || format == InputFormat::base64 || format == InputFormat::json;
}

}  // namespace

InputSource::InputSource(net::Poller& poller, int fd, Options options)
    : poller_(poller),
      fd_(fd),
      options_(options),
      type_(options.type == MessageType::binary ? ws::Opcode::binary : ws::Opcode::text),
      id_(poller.add(fd, {}, *this)),
      splitter_(options.format == InputFormat::raw ? longest_read : buffer_size,
                fd < 0 && !options.typed ? LineEnd::line_feed : line_end_of(options)) {
  options_.whole =
      (options.whole && options.format != InputFormat::raw) || is_encoded(options.format) || options.escapes;
  item_.instruction = ws::Piece{.opcode = type_, .known_utf8 = true};
  if (fd < 0 && !options.typed) end();
}

void InputSource::end() noexcept {
  splitter_.end();
  ended_ = true;
}

void InputSource::handle_ready(net::Poller::Id, net::Readiness) {
  const net::IoResult result = net::read_some(fd_, splitter_.room());
  if (result.kind == net::IoResult::Kind::done) {
    splitter_.commit(result.bytes);
    if (result.bytes >= usual_pipe && !std::exchange(widened_, true)) net::widen_pipe(fd_);
  }
  if (result.kind == net::IoResult::Kind::end) end();
  if (result.kind == net::IoResult::Kind::failed) {
    read_error_ = result.error;
    end();
  }
}

// Whether there was any, or its end.
bool InputSource::take_typed() {
  if (typed_.empty()) {
    const bool ends = typed_end_ && !ended_;
    if (ends) end();
    return ends;
  }
  const base::MutableBytes room = splitter_.room();
  const std::size_t size = std::min(room.size(), typed_.size());
  std::memcpy(room.data(), typed_.data(), size);
  splitter_.commit(size);
  typed_.erase(0, size);
  return true;
}

// Most lines are as they are, and all there: of one that take() has nothing to say about, item_ has all but the bytes.
inline bool InputSource::is_usual(base::Bytes line) noexcept {
  if (options_.whole || dropping_ || !utf8_.complete()) return false;
  auto* const message = std::get_if<ws::Piece>(&item_.instruction);
  if (message == nullptr || (type_ == ws::Opcode::text && !base::is_utf8(line))) return false;
  message->payload = line;
  message->finished = true;
  return true;
}

const InputItem* InputSource::next() {
  while (!error_) {
    const auto piece = splitter_.next();
    if (!piece && take_typed()) continue;
    if (!piece) break;
    if (piece->finished && is_usual(piece->data)) return &item_;
    const bool dropped = dropping_;
    if (piece->finished) dropping_ = false;
    if (!dropped && take(*piece)) return &item_;
  }
  if (read_error_ != 0 && !error_) error_ = net::system_error(options_.name, read_error_);
  return nullptr;
}

bool InputSource::take(const LineSplitter::Piece& piece) {
  if (!options_.whole) return take_data(piece.data, piece.finished);
  if (!holding_ && piece.finished) return decode(piece.data);
  if (!holding_) held_.clear();
  if (held_.size() + piece.data.size() > longest_line(options_)) return fail_too_long();
  held_ += base::as_text(piece.data);
  holding_ = !piece.finished;
  return !holding_ && decode(base::as_bytes(held_));
}

bool InputSource::decode(base::Bytes line) {
  if (options_.format == InputFormat::json) {
    auto read = events_.read(base::as_text(line), decoded_);
    if (!read) return fail(read.error().message);
    if (!*read) return false;
    item_ = {(*read)->instruction, std::move((*read)->recipients)};
    return decoded_.size() <= options_.longest_held || fail_too_long();
  }
  if (options_.format == InputFormat::hex) {
    auto bytes = base::hex_decode(base::as_text(line));
    if (!bytes) return fail("is not hexadecimal");
    decoded_ = std::move(*bytes);
    return take_data(base::as_bytes(decoded_), true);
  }
  if (options_.format == InputFormat::base64) {
    const auto bytes = base::base64_decode(base::as_text(line));
    if (!bytes) return fail("is not base64");
    decoded_ = base::as_text(*bytes);
    return take_data(base::as_bytes(decoded_), true);
  }
  if (options_.escapes) {
    auto text = base::unescape(base::as_text(line));
    if (!text) return fail(text.error().message);
    decoded_ = std::move(*text);
    return take_data(base::as_bytes(decoded_), true);
  }
  return take_data(line, true);
}

bool InputSource::take_data(base::Bytes payload, bool finished) {
  if (options_.whole && payload.size() > options_.longest_held) return fail_too_long();
  item_.instruction = ws::Piece{.opcode = type_, .payload = payload, .finished = finished, .known_utf8 = true};
  if (type_ == ws::Opcode::binary) return true;
  if (!utf8_.receive(payload) || (finished && !utf8_.complete())) {
    return fail("is not UTF-8", "send bytes with --binary");
  }
  if (finished) utf8_.reset();
  return true;
}

bool InputSource::fail_too_long() {
  const bool given = options_.longest_held != longest_held_message;
  return fail(
      "is longer than " + std::to_string(options_.longest_held) + " bytes" + (options_.hints ? " (--max-size)" : ""),
      given ? "" : "--max-size allows more");
}

bool InputSource::fail(const std::string& what, const char* hint) {
  const bool lines = options_.format != InputFormat::whole;
  const std::string where = lines ? ": line " + std::to_string(splitter_.line()) : "";
  error_ = {base::ErrorKind::io, std::string(options_.name) + where + " " + what, options_.hints ? hint : ""};
  return false;
}

}  // namespace wscope::streams
