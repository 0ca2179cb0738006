#include "decode/text_check.h"

#include <algorithm>

namespace wscope::decode {

void TextCheck::begin() noexcept {
  validator_.reset();
  size_ = 0;
  tail_size_ = 0;
  done_ = false;
}

std::optional<base::Utf8Flaw> TextCheck::receive(base::Bytes piece) noexcept {
  const std::uint64_t offset = size_;
  size_ += piece.size();
  if (done_) return std::nullopt;
  if (validator_.receive(piece)) {
    keep_tail(piece);
    return std::nullopt;
  }
  done_ = true;
  return base::find_utf8_flaw(base::Bytes(tail_).first(tail_size_), piece, offset);
}

std::optional<base::Utf8Flaw> TextCheck::end() noexcept {
  if (done_ || validator_.complete()) return std::nullopt;
  done_ = true;
  return base::find_utf8_flaw(base::Bytes(tail_).first(tail_size_), {}, size_);
}

void TextCheck::keep_tail(base::Bytes piece) noexcept {
  const std::size_t pending = validator_.pending();
  const std::size_t of_piece = std::min(pending, piece.size());
  const std::size_t kept = pending - of_piece;  // all of what there was, if that still goes on
  std::copy_n(piece.end() - static_cast<std::ptrdiff_t>(of_piece), of_piece,
              tail_.begin() + static_cast<std::ptrdiff_t>(kept));
  tail_size_ = static_cast<std::uint8_t>(pending);
}

}  // namespace wscope::decode
