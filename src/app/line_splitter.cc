#include "app/line_splitter.h"

#include <cstring>

namespace wscope::app {

std::optional<LineSplitter::Piece> LineSplitter::next() {
  const std::byte* found = static_cast<const std::byte*>(
      scanned_ == end_ ? nullptr : std::memchr(storage_.get() + scanned_, '\n', end_ - scanned_));
  if (found != nullptr) {
    const std::size_t size = static_cast<std::size_t>(found - storage_.get()) - begin_;
    const bool cr = size > 0 && found[-1] == std::byte{'\r'};
    return take(cr ? size - 1 : size, cr ? 2 : 1, true);
  }
  scanned_ = end_;
  const std::size_t size = end_ - begin_;
  if (ended_ && (size > 0 || in_line_)) return take(size, 0, true);
  if (size < capacity_) return std::nullopt;
  const bool cr = storage_[end_ - 1] == std::byte{'\r'};  // perhaps the first half of the line's end
  return take(cr ? size - 1 : size, 0, false);
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

}  // namespace wscope::app
