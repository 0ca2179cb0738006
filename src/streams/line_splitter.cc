#include "streams/line_splitter.h"

#include <cstring>

namespace wscope::streams {

std::optional<LineSplitter::Piece> LineSplitter::next_without_end() noexcept {
  scanned_ = end_;
  const std::size_t size = end_ - begin_;
  const bool is_line = ended_ || line_end_ == LineEnd::anywhere;
  if ((is_line && size > 0) || (ended_ && last_line_due())) return take(size, 0, true);
  if (size < capacity_) return std::nullopt;
  return take(ends_in_cr(end_) ? size - 1 : size, 0, false);
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
