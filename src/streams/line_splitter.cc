#include "streams/line_splitter.h"

#include <cstring>

namespace wscope::streams {

const std::byte* LineSplitter::find_end() const noexcept {
  if (end_byte_ < 0 || scanned_ == end_) return nullptr;
  return static_cast<const std::byte*>(std::memchr(storage_.get() + scanned_, end_byte_, end_ - scanned_));
}

// Perhaps the first half of a line's end.
bool LineSplitter::ends_in_cr(std::size_t end) const noexcept {
  return line_end_ == LineEnd::line_feed && end > begin_ && storage_[end - 1] == std::byte{'\r'};
}

std::optional<LineSplitter::Piece> LineSplitter::next() {
  if (const std::byte* const found = find_end(); found != nullptr) {
    const auto end = static_cast<std::size_t>(found - storage_.get());
    const std::size_t size = end - begin_;
    return ends_in_cr(end) ? take(size - 1, 2, true) : take(size + kept_, 1 - kept_, true);
  }
  scanned_ = end_;
  const std::size_t size = end_ - begin_;
  const bool is_line = ended_ || line_end_ == LineEnd::anywhere;
  if ((is_line && size > 0) || (ended_ && last_line_due())) return take(size, 0, true);
  if (size < capacity_) return std::nullopt;
  return take(ends_in_cr(end_) ? size - 1 : size, 0, false);
}

LineSplitter::Piece LineSplitter::take(std::size_t size, std::size_t line_end, bool finished) noexcept {
  if (!in_line_) ++line_;
  in_line_ = !finished;
  const base::Bytes data(storage_.get() + begin_, size);
  begin_ += size + line_end;
  if (scanned_ < begin_) scanned_ = begin_;
  return {data, finished};
}

base::MutableBytes LineSplitter::room() {
  if (begin_ > 0) {
    std::memmove(storage_.get(), storage_.get() + begin_, end_ - begin_);
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  return {storage_.get() + end_, capacity_ - end_};
}

}  // namespace wscope::streams
