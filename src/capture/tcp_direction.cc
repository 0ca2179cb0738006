#include "capture/tcp_direction.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace wscope::capture {
namespace {

constexpr std::size_t chunk_cost = 64;                          // of a piece that waits, besides its bytes
constexpr std::int64_t largest_window = std::int64_t{1} << 30;  // RFC 7323 section 2.3

using Kind = TcpDirection::Piece::Kind;

std::uint64_t count_differences(base::Bytes a, std::string_view b) noexcept {
  const std::string_view text = base::as_text(a);
  std::uint64_t count = 0;
  if (text == b) return 0;
  for (std::size_t i = 0; i < text.size(); ++i) count += text[i] != b[i] ? 1U : 0U;
  return count;
}

}  // namespace

void TcpDirection::begin(std::uint32_t sequence) noexcept {
  begun_ = true;
  first_sequence_ = next_ = sequence;
}

// How far that number is ahead of the next byte; negative behind it.
std::int64_t TcpDirection::distance(std::uint32_t sequence) const noexcept {
  return static_cast<std::int32_t>(sequence - next_);
}

void TcpDirection::receive(const Segment& segment, const Origin& origin, const Limits& limits, Pieces& out) {
  limits_ = limits;
  const std::uint32_t sequence = segment.sequence + (segment.syn ? 1 : 0);
  if (!begun_) begin(sequence);
  if (segment.length == 0 && !segment.fin) return;
  std::int64_t ahead = distance(sequence);
  const std::int64_t behind_it = ahead + segment.length;
  base::Bytes bytes = segment.payload;
  // A probe of a connection that is kept alive has one byte, that was sent before and need not be the same.
  const bool probe = ahead == -1 && segment.length == 1;
  if (ahead < 0) {
    const auto known =
        static_cast<std::size_t>(std::min<std::int64_t>(-ahead, static_cast<std::int64_t>(bytes.size())));
    if (!probe) compare_with_recent(bytes.first(known), static_cast<std::uint64_t>(-ahead), origin, out);
    bytes = bytes.subspan(known);
    ahead = 0;
  }
  if (behind_it < 0) return;
  const std::uint64_t behind = position_ + static_cast<std::uint64_t>(behind_it);
  if (segment.fin && !end_) end_ = behind;
  seen_ = std::max(seen_, behind);
  if (bytes.empty() || has_ended()) return;
  if (ahead == 0 && early_.empty()) return deliver(bytes, origin, out);
  store(position_ + static_cast<std::uint64_t>(ahead), bytes, origin, out);
  deliver_early(out);
  while (early_cost_ > limits.early) lose_up_to(early_.begin()->first, origin, out);
}

void TcpDirection::acknowledge(std::uint32_t number, const Origin& origin, Pieces& out) {
  if (!begun_) return begin(number);
  const std::int64_t ahead = distance(number);
  if (ahead <= 0 || ahead > largest_window) return;
  std::uint64_t position = position_ + static_cast<std::uint64_t>(ahead);
  if (end_) {
    position = std::min(position, *end_);
  } else if (position == std::max(seen_, position_) + 1) {
    --position;  // a FIN that was not captured, or else a byte, which shows when there is more
  }
  lose_up_to(position, origin, out);
}

void TcpDirection::finish(const Origin& origin, Pieces& out) {
  deliver_early(out);
  while (!early_.empty()) lose_up_to(early_.begin()->first, origin, out);
  lose_up_to(end_ ? *end_ : seen_, origin, out);
}

void TcpDirection::release() noexcept {
  early_.clear();
  early_cost_ = 0;
  recent_ = {};
}

// Everything before `position` that has not come will not come.
void TcpDirection::lose_up_to(std::uint64_t position, const Origin& origin, Pieces& out) {
  if (end_) position = std::min(position, *end_);
  while (position_ < position) {
    const std::uint64_t until = early_.empty() ? position : std::min(position, early_.begin()->first);
    if (until > position_) {
      const std::uint64_t size = until - position_;
      out.push_back({Kind::hole, origin, {}, size});
      recent_.clear();
      position_ = until;
      next_ += static_cast<std::uint32_t>(size);
    }
    deliver_early(out);
  }
  seen_ = std::max(seen_, position_);
  deliver_early(out);
}

void TcpDirection::deliver(base::Bytes bytes, const Origin& origin, Pieces& out) {
  if (end_ && bytes.size() > *end_ - position_) bytes = bytes.first(static_cast<std::size_t>(*end_ - position_));
  out.push_back({Kind::data, origin, bytes, bytes.size()});
  position_ += bytes.size();
  next_ += static_cast<std::uint32_t>(bytes.size());
  remember(bytes);
}

void TcpDirection::remember(base::Bytes bytes) {
  const std::size_t most = limits_.recent;
  const std::string_view text = base::as_text(bytes);
  if (text.size() >= most) {
    recent_.assign(text.substr(text.size() - most));
    return;
  }
  // Cut only now and then: that moves what stays.
  if (recent_.size() + text.size() > 2 * most) recent_.erase(0, recent_.size() + text.size() - most);
  recent_ += text;
}

// Bytes that begin `behind` before those that come next.
void TcpDirection::compare_with_recent(base::Bytes bytes, std::uint64_t behind, const Origin& origin,
                                       Pieces& out) const {
  if (behind > recent_.size()) {
    const std::uint64_t forgotten = behind - recent_.size();
    if (forgotten >= bytes.size()) return;
    bytes = bytes.subspan(static_cast<std::size_t>(forgotten));
    behind = recent_.size();
  }
  const std::string_view known = std::string_view(recent_).substr(recent_.size() - static_cast<std::size_t>(behind));
  const std::uint64_t count = count_differences(bytes, known.substr(0, bytes.size()));
  if (count > 0) out.push_back({Kind::differs, origin, {}, count});
}

// The parts of `bytes` that are not there yet; the others are compared.
void TcpDirection::store(std::uint64_t at, base::Bytes bytes, const Origin& origin, Pieces& out) {
  std::uint64_t differences = 0;
  auto next = early_.upper_bound(at);
  if (next != early_.begin() && std::prev(next)->first + std::prev(next)->second.bytes.size() > at) --next;
  while (!bytes.empty()) {
    const std::uint64_t known_at = next == early_.end() ? at + bytes.size() : next->first;
    if (known_at > at) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), known_at - at));
      store_piece(at, bytes.first(size), origin);
      bytes = bytes.subspan(size);
      at += size;
      continue;
    }
    const std::string_view known = base::as_text(next->second.bytes).substr(static_cast<std::size_t>(at - known_at));
    const std::size_t size = std::min(known.size(), bytes.size());
    differences += count_differences(bytes.first(size), known.substr(0, size));
    bytes = bytes.subspan(size);
    at += size;
    ++next;
  }
  if (differences > 0) out.push_back({Kind::differs, origin, {}, differences});
}

void TcpDirection::store_piece(std::uint64_t at, base::Bytes bytes, const Origin& origin) {
  early_.emplace(at, Chunk{{bytes.begin(), bytes.end()}, origin});
  early_cost_ += bytes.size() + chunk_cost;
}

// What waited, as far as it is in order now; behind the end there is nothing.
void TcpDirection::deliver_early(Pieces& out) {
  while (!early_.empty() && !has_ended() && early_.begin()->first == position_) {
    auto node = early_.extract(early_.begin());
    early_cost_ -= node.mapped().bytes.size() + chunk_cost;
    lent_.push_back(std::move(node.mapped().bytes));
    deliver(lent_.back(), node.mapped().origin, out);
  }
  if (!has_ended()) return;
  early_.clear();
  early_cost_ = 0;
}

}  // namespace wscope::capture
