#include "serve/output_cutter.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "base/utf8.h"

namespace wscope::serve {
namespace {

using streams::LineEnd;

// What is kept for the next line; a larger block goes.
constexpr std::size_t kept_memory = 4096;

// How many bytes `data` ends with that are the beginning of a character.
std::size_t unfinished_character(base::Bytes data) noexcept {
  const std::size_t most = std::min<std::size_t>(data.size(), 3);
  for (std::size_t size = 1; size <= most; ++size) {
    const auto byte = std::to_integer<unsigned>(data[data.size() - size]);
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;  // of a character that began before
    base::Utf8Validator utf8;
    const bool may_go_on = utf8.receive(data.last(size)) && !utf8.complete();
    // What is wrong in front of it is shown with the byte that is wrong there.
    return may_go_on && unfinished_character(data.first(data.size() - size)) == 0 ? size : 0;
  }
  return 0;
}

}  // namespace

// What a piece of a line that goes on must not end with.
std::size_t OutputCutter::unfit_end(base::Bytes data) const noexcept {
  const bool perhaps_crlf = options_.line_end == LineEnd::line_feed && !data.empty() && data.back() == std::byte{'\r'};
  if (options_.whole == Whole::quanta) return (data.size() - (perhaps_crlf ? 1 : 0)) % 4 + (perhaps_crlf ? 1 : 0);
  if (perhaps_crlf) return 1;
  return options_.whole == Whole::characters ? unfinished_character(data) : 0;
}

void OutputCutter::forget_returned() {
  held_.erase(0, returned_);
  returned_ = 0;
  if (held_.empty() && held_.capacity() > kept_memory) std::string().swap(held_);
}

std::optional<OutputCutter::Piece> OutputCutter::next() {
  forget_returned();
  if (options_.line_end >= LineEnd::none) return next_anywhere();
  const int end_byte = options_.line_end == LineEnd::nul ? '\0' : '\n';
  const void* const found = lent_.empty() ? nullptr : std::memchr(lent_.data(), end_byte, lent_.size());
  if (found == nullptr) return next_of_line();
  return take_line(static_cast<std::size_t>(static_cast<const std::byte*>(found) - lent_.data()));
}

// The next `size` bytes end a line.
OutputCutter::Piece OutputCutter::take_line(std::size_t size) {
  base::Bytes line = lent_.first(size);
  lent_ = lent_.subspan(size + 1);
  if (!held_.empty()) {
    held_ += base::as_text(line);
    returned_ = held_.size();
    line = base::as_bytes(held_);
  }
  const bool is_crlf = options_.line_end == LineEnd::line_feed && !line.empty() && line.back() == std::byte{'\r'};
  return is_crlf ? give(line.first(line.size() - 1), 2, true) : give(line, 1, true);
}

std::optional<OutputCutter::Piece> OutputCutter::next_of_line() {
  if (ended_) return held_.empty() && !in_line_ ? std::nullopt : take_last();
  if (lent_.empty()) return std::nullopt;
  if (in_line_ || held_.size() + lent_.size() > options_.longest_held) return take_unfinished();
  held_ += base::as_text(lent_);
  lent_ = {};
  return std::nullopt;
}

std::optional<OutputCutter::Piece> OutputCutter::next_anywhere() {
  const bool is_one = options_.line_end == LineEnd::none;
  if (ended_) return is_one ? (any_ ? std::nullopt : take_last()) : (held_.empty() ? std::nullopt : take_last());
  if (lent_.empty()) return std::nullopt;
  auto piece = take_unfinished();
  if (piece && !is_one) {
    piece->finished = true;
    in_line_ = false;
  }
  return piece;
}

std::optional<OutputCutter::Piece> OutputCutter::take_last() {
  assert(lent_.empty());
  returned_ = held_.size();
  return give(base::as_bytes(held_), 0, true);
}

// All that has come, but for what may not be cut.
std::optional<OutputCutter::Piece> OutputCutter::take_unfinished() {
  base::Bytes data = lent_;
  const bool is_held = !held_.empty();
  if (is_held) {
    held_ += base::as_text(lent_);
    data = base::as_bytes(held_);
  }
  lent_ = {};
  const std::size_t size = data.size() - unfit_end(data);
  if (!is_held) held_ = base::as_text(data.subspan(size));
  if (size == 0) return std::nullopt;
  if (is_held) returned_ = size;
  return give(data.first(size), 0, false);
}

OutputCutter::Piece OutputCutter::give(base::Bytes data, std::size_t line_end, bool finished) noexcept {
  const Piece piece{data, finished, offset_};
  offset_ += data.size() + line_end;
  in_line_ = !finished;
  any_ = any_ || finished;
  return piece;
}

}  // namespace wscope::serve
