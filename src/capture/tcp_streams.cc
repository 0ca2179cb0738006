#include "capture/tcp_streams.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wscope::capture {
namespace {

constexpr std::size_t index_of(Side side) noexcept { return side == Side::opener ? 0 : 1; }

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 32;
}

std::uint64_t mix(std::uint64_t hash, const Endpoint& endpoint) noexcept {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.address.data(), sizeof(words));
  return mix(mix(mix(hash, words[0]), words[1]), endpoint.port);
}

}  // namespace

TcpStreams::TcpStreams(const Limits& limits) : limits_(limits) {}

std::size_t TcpStreams::Hash::operator()(const Key& key) const noexcept {
  return static_cast<std::size_t>(mix(mix(0, key.low), key.high));
}

void TcpStreams::receive(const Segment& segment, const Origin& origin) {
  events_.clear();
  taken_ = 0;
  retired_.clear();
  if (newest_ != none) {
    for (TcpDirection& direction : streams_[newest_].directions) direction.settle();
  }
  Side sender = Side::opener;
  Key key{segment.source, segment.destination};
  if (key.high < key.low) std::swap(key.low, key.high);
  Stream& stream = streams_[find_row(key, segment, origin, sender)];
  if (stream.ignored) return;
  TcpDirection& direction = stream.directions[index_of(sender)];
  TcpDirection& other = stream.directions[index_of(opposite(sender))];
  if (segment.syn && !direction.has_begun()) direction.begin(segment.sequence + 1);
  if (segment.ack && !stream.ended[index_of(opposite(sender))] && !(segment.rst && !other.has_begun())) {
    early_ -= other.early();
    other.acknowledge(segment.acknowledgment, origin, pieces_);
    early_ += other.early();
    take_pieces(stream, opposite(sender));
    if (other.has_ended()) tell_end(stream, opposite(sender), origin, End::fin);
  }
  if (!stream.ended[index_of(sender)]) {
    const TcpDirection::Limits limits = limits_now();
    early_ -= direction.early();
    if (!segment.rst) direction.receive(segment, origin, limits, pieces_);  // else it is words
    early_ += direction.early();
    take_pieces(stream, sender);
    if (direction.has_ended()) tell_end(stream, sender, origin, End::fin);
  }
  if (segment.rst) finish(stream, origin, End::reset);
}

void TcpStreams::receive_eof(WallTime time) noexcept { ending_ = Origin{time, 0}; }

std::optional<StreamEvent> TcpStreams::next_event() {
  while (taken_ == events_.size()) {
    if (!ending_ || oldest_ == none) return std::nullopt;
    events_.clear();
    taken_ = 0;
    retired_.clear();
    forget(oldest_, *ending_, End::capture);
  }
  return events_[taken_++];
}

void TcpStreams::ignore(StreamNumber number) noexcept {
  if (newest_ == none) return;
  Stream& stream = streams_[newest_];  // or it is over
  if (stream.number != number || stream.ignored) return;
  stream.ignored = true;
  if (!stream.ended[0] || !stream.ended[1]) --following_;
  for (TcpDirection& direction : stream.directions) {
    early_ -= direction.early();
    direction.release();
  }
}

// That of its stream, which is made if need be.
TcpStreams::Row TcpStreams::find_row(const Key& key, const Segment& segment, const Origin& origin, Side& sender) {
  const auto side_in = [&](const Stream& stream) {
    const bool from_low = segment.source == key.low;
    return from_low == stream.low_opened ? Side::opener : Side::other;
  };
  Row row = newest_;
  if (row == none || !(streams_[row].key == key)) {
    const auto found = rows_.find(key);
    row = found == rows_.end() ? none : found->second;
  }
  if (row != none) {
    sender = side_in(streams_[row]);
    if (!begins_anew(streams_[row], segment, sender)) {
      if (row != newest_) {
        unlink(row);
        link_newest(row);
      }
      return row;
    }
    forget(row, origin, End::replaced);
  }
  row = open(key, segment, origin);
  sender = side_in(streams_[row]);
  return row;
}

// A SYN of another number than the one that began it.
bool TcpStreams::begins_anew(const Stream& stream, const Segment& segment, Side sender) const noexcept {
  if (!segment.syn || segment.ack) return false;
  const TcpDirection& direction = stream.directions[index_of(sender)];
  return !direction.has_begun() || direction.first_sequence() != segment.sequence + 1;
}

TcpStreams::Row TcpStreams::open(const Key& key, const Segment& segment, const Origin& origin) {
  if (rows_.size() >= std::max<std::size_t>(limits_.streams, 1)) forget(oldest_, origin, End::forgotten);
  Row row = static_cast<Row>(streams_.size());
  if (free_.empty()) {
    streams_.emplace_back();
  } else {
    row = free_.back();
    free_.pop_back();
    streams_[row] = Stream();
  }
  Stream& stream = streams_[row];
  const bool answered = segment.syn && segment.ack;  // by who listens
  const Endpoint& opener = answered ? segment.destination : segment.source;
  stream.key = key;
  stream.number = count_++;
  stream.low_opened = opener == key.low;
  if (segment.syn && !answered) stream.directions[0].begin(segment.sequence + 1);
  rows_.emplace(key, row);
  link_newest(row);
  ++following_;
  events_.emplace_back(
      StreamOpened{stream.number, origin.time, opener, answered ? segment.source : segment.destination, segment.syn});
  return row;
}

TcpDirection::Limits TcpStreams::limits_now() const noexcept {
  const std::size_t share = limits_.all_recent / (2 * following_ + 2);
  return {early_ > limits_.all_early ? 0 : limits_.early, std::min(limits_.recent, share)};
}

void TcpStreams::take_pieces(Stream& stream, Side sender) {
  for (const TcpDirection::Piece& piece : pieces_) {
    switch (piece.kind) {
      case TcpDirection::Piece::Kind::data:
        events_.emplace_back(StreamData{stream.number, sender, piece.origin, piece.bytes});
        break;
      case TcpDirection::Piece::Kind::hole:
        events_.emplace_back(StreamHole{stream.number, sender, piece.origin, piece.size});
        break;
      case TcpDirection::Piece::Kind::differs:
        events_.emplace_back(StreamDiffers{stream.number, sender, piece.origin, piece.size});
        break;
    }
  }
  pieces_.clear();
}

void TcpStreams::tell_end(Stream& stream, Side sender, const Origin& origin, End how) {
  bool& ended = stream.ended[index_of(sender)];
  if (std::exchange(ended, true)) return;
  if (stream.ended[0] && stream.ended[1]) --following_;
  stream.directions[index_of(sender)].release();
  events_.emplace_back(StreamEnded{stream.number, sender, origin, how});
}

// Whatever of it is not over.
void TcpStreams::finish(Stream& stream, const Origin& origin, End how) {
  if (stream.ignored) return;
  for (const Side side : {Side::opener, Side::other}) {
    if (stream.ended[index_of(side)]) continue;
    TcpDirection& direction = stream.directions[index_of(side)];
    early_ -= direction.early();
    direction.finish(origin, pieces_);
    take_pieces(stream, side);
    tell_end(stream, side, origin, how);
  }
}

void TcpStreams::forget(Row row, const Origin& origin, End how) {
  Stream& stream = streams_[row];
  finish(stream, origin, how);
  for (TcpDirection& direction : stream.directions) retired_.push_back(std::move(direction));
  unlink(row);
  rows_.erase(stream.key);
  free_.push_back(row);
}

void TcpStreams::unlink(Row row) noexcept {
  const Stream& stream = streams_[row];
  (stream.older == none ? oldest_ : streams_[stream.older].newer) = stream.newer;
  (stream.newer == none ? newest_ : streams_[stream.newer].older) = stream.older;
}

void TcpStreams::link_newest(Row row) noexcept {
  Stream& stream = streams_[row];
  stream.older = newest_;
  stream.newer = none;
  (newest_ == none ? oldest_ : streams_[newest_].newer) = row;
  newest_ = row;
}

}  // namespace wscope::capture
