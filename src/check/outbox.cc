#include "check/outbox.h"

#include <algorithm>
#include <utility>

namespace wscope::check {
namespace {

constexpr std::size_t longest_beginning = 4096;

}  // namespace

void Outbox::cut(std::size_t piece, base::Duration pause) noexcept {
  piece_ = piece;
  piece_pause_ = pause;
}

void Outbox::append(std::string bytes) {
  if (bytes.empty()) return;
  if (beginning_.size() < longest_beginning) beginning_ += bytes.substr(0, longest_beginning - beginning_.size());
  if (keeps_) kept_ += bytes;
  size_ += bytes.size();
  const bool together = !parts_.empty() && parts_.back().piece == piece_ && pause_ == base::Duration::zero();
  if (together) {
    parts_.back().bytes += bytes;
    return;
  }
  parts_.push_back({std::move(bytes), 0, piece_, 0, piece_pause_, std::exchange(pause_, {})});
}

// When the next piece may go.
base::TimePoint Outbox::due() const noexcept {
  const Part& part = parts_.front();
  if (!wrote_at_ || part.left > 0) return base::TimePoint::min();
  const base::Duration wait = part.written == 0 ? std::max(part.before, part.piece_pause)
                              : part.piece == 0 ? base::Duration::zero()
                                                : part.piece_pause;
  return wait == base::Duration::zero() ? base::TimePoint::min() : *wrote_at_ + wait;
}

base::Bytes Outbox::output(base::TimePoint now) const noexcept {
  if (parts_.empty() || due() > now) return {};
  const Part& part = parts_.front();
  const base::Bytes rest = base::as_bytes(part.bytes).subspan(part.written);
  if (part.piece == 0) return rest;
  return rest.first(std::min(rest.size(), part.left > 0 ? part.left : part.piece));
}

std::size_t Outbox::waiting() const noexcept {
  std::size_t size = 0;
  for (const Part& part : parts_) size += part.bytes.size() - part.written;
  return size;
}

void Outbox::consume(std::size_t size, base::TimePoint now) {
  if (size == 0) return;
  Part& part = parts_.front();
  const std::size_t piece = output(now).size();
  part.written += size;
  part.left = part.piece == 0 ? 0 : piece - std::min(size, piece);
  wrote_at_ = now;
  if (part.written == part.bytes.size()) parts_.pop_front();
}

std::optional<base::TimePoint> Outbox::deadline(base::TimePoint now) const noexcept {
  if (parts_.empty() || due() <= now) return std::nullopt;
  return due();
}

}  // namespace wscope::check
