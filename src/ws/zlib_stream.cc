#include "ws/zlib_stream.h"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace wscope::ws {
namespace {

// A server's connections hand these on to each other, as most are idle between two messages; more than a few at rest
// would be memory that nobody uses.
constexpr std::size_t idle_limit = 4;  // of each kind kept in a pool
// So much room is made at a time for what compression makes of a message: it cannot be known before.
constexpr std::size_t out_step = 4096;
// What a sender leaves out of each message and a receiver puts back (RFC 7692 section 7.2): an empty stored block.
constexpr std::array<std::byte, 4> flush_tail = {std::byte{0}, std::byte{0}, std::byte{0xff}, std::byte{0xff}};

// zlib counts in unsigned int and takes its input without const.
std::size_t feed(z_stream& stream, base::Bytes in) noexcept {
  const std::size_t size = std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max());
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
  stream.avail_in = static_cast<uInt>(size);
  return size;
}

// Whether the last byte that was read ended a block.
bool at_block_boundary(const z_stream& stream) noexcept {
  constexpr int after_block = 128;
  constexpr int unused_bits = 63;
  return (stream.data_type & after_block) != 0 && (stream.data_type & unused_bits) == 0;
}

// A lack of memory is for who can do without this connection; anything else is the data's fault.
bool succeeded(int status) {
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  return status == Z_OK;
}

template <typename Stream>
void keep(std::vector<std::unique_ptr<Stream>>& idle, std::unique_ptr<Stream> stream) noexcept {
  if (stream && idle.size() < idle_limit) idle.push_back(std::move(stream));
}

}  // namespace

std::unique_ptr<Deflater> Deflater::create(std::uint8_t window_bits, const DeflateTuning& tuning) {
  // zlib has no raw window of 8 bits. That of 9 bits will do: to be sure of the 262 bytes that its longest match may
  // take, zlib never refers back further than the window less those (MAX_DIST in its deflate.h), so at most 250 bytes.
  const int bits = std::max<int>(window_bits, min_window_bits + 1);
  std::unique_ptr<Deflater> deflater(new Deflater(window_bits));
  const int status =
      deflateInit2(&deflater->stream_, tuning.level, Z_DEFLATED, -bits, tuning.mem_level, Z_DEFAULT_STRATEGY);
  return succeeded(status) ? std::move(deflater) : nullptr;
}

bool Deflater::compress(base::Bytes in, base::Buffer& out) {
  do {
    const std::size_t fed = feed(stream_, in);
    in = in.subspan(fed);
    do {
      const base::MutableBytes room = out.prepare(std::clamp(fed, std::size_t{64}, out_step));
      if (room.empty()) return false;
      stream_.next_out = reinterpret_cast<Bytef*>(room.data());
      stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room.size(), std::numeric_limits<uInt>::max()));
      const uInt offered = stream_.avail_out;
      ::deflate(&stream_, Z_SYNC_FLUSH);  // can only fail with Z_BUF_ERROR: nothing (more) to flush
      out.commit(offered - stream_.avail_out);
    } while (stream_.avail_out == 0);
  } while (!in.empty());
  return true;
}

// zlib takes a stream that it only reads without const.
std::vector<std::byte> Deflater::window() const {
  std::vector<std::byte> window(std::size_t{1} << max_window_bits);
  auto size = static_cast<uInt>(window.size());
  deflateGetDictionary(const_cast<z_stream*>(&stream_), reinterpret_cast<Bytef*>(window.data()), &size);
  window.resize(size);
  window.shrink_to_fit();
  return window;
}

void Deflater::set_window(base::Bytes window) noexcept {
  if (window.empty()) return;
  deflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(window.data()), static_cast<uInt>(window.size()));
}

std::unique_ptr<Inflater> Inflater::create(std::uint8_t window_bits) {
  std::unique_ptr<Inflater> inflater(new Inflater(window_bits));
  return succeeded(inflateInit2(&inflater->stream_, -window_bits)) ? std::move(inflater) : nullptr;
}

void Inflater::reset(std::uint8_t window_bits) noexcept {
  inflateReset2(&stream_, -window_bits);
  window_bits_ = window_bits;
  produced_ = 0;
  block_ended_ = true;
  tail_used_ = 0;
}

std::vector<std::byte> Inflater::window() const {
  std::vector<std::byte> window(std::size_t{1} << max_window_bits);
  auto size = static_cast<uInt>(window.size());
  inflateGetDictionary(const_cast<z_stream*>(&stream_), reinterpret_cast<Bytef*>(window.data()), &size);
  window.resize(size);
  window.shrink_to_fit();
  return window;
}

void Inflater::set_window(base::Bytes window) noexcept {
  if (window.empty()) return;
  inflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(window.data()), static_cast<uInt>(window.size()));
  produced_ = window.size();
}

Inflater::Step Inflater::inflate(base::Bytes& in, bool message_ends, InflateWindow& window) {
  stream_.next_out = reinterpret_cast<Bytef*>(window.data());
  stream_.avail_out = static_cast<uInt>(window.size());
  std::optional<Violation> violation;
  if (!run(in)) violation = Violation::inflate_failed;
  const bool used_up = !violation && in.empty() && stream_.avail_out > 0;
  // A message that ends on a block boundary is complete as it is: it was empty, ended in a final block, or its sender
  // left the tail in place. The tail would then be read as the beginning of a stored block of the next message.
  if (used_up && message_ends && (tail_used_ > 0 || !block_ended_)) {
    base::Bytes tail = base::Bytes(flush_tail).subspan(tail_used_);
    if (!run(tail)) {
      violation = Violation::inflate_failed;
    } else if (stream_.avail_out > 0 && !block_ended_) {
      violation = Violation::inflate_truncated;
    }
    tail_used_ = static_cast<std::uint8_t>(flush_tail.size() - tail.size());
  }
  Step step;
  step.size = window.size() - stream_.avail_out;
  // What came before the error counts first, so that the verdict does not depend on how the input was cut. zlib stays
  // in its error state: the next call finds it again.
  if (step.size == 0) step.violation = violation;
  step.drained = used_up && !violation && stream_.avail_out > 0;
  if (step.drained && message_ends) tail_used_ = 0;
  return step;
}

bool Inflater::run(base::Bytes& in) {
  for (uInt room = stream_.avail_out; room > 0;) {
    const std::size_t fed = feed(stream_, in);
    const auto offered = static_cast<uInt>(std::min<std::size_t>(room, step_limit()));
    stream_.avail_out = offered;
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t taken = fed - stream_.avail_in;
    const uInt put = offered - stream_.avail_out;
    in = in.subspan(taken);
    room -= put;
    produced_ += put;
    stream_.avail_out = room;
    if (status == Z_STREAM_END) {
      // A final block ends the stream but not the window (section 7.2.3.4). inflateReset would drop the window, and
      // putting it back with inflateSetDictionary costs 32 KiB for as little as two bytes received.
      inflateResetKeep(&stream_);
      block_ended_ = true;
    } else if (status != Z_BUF_ERROR && !succeeded(status)) {
      return false;
    } else if (taken > 0 || put > 0) {  // a call without progress loses what data_type says
      block_ended_ = at_block_boundary(stream_);
    }
    if (in.empty() && put < offered) break;
    if (taken == 0 && put == 0) break;
  }
  return true;
}

// zlib compares distances with its window and what it wrote in the same call. One byte a call makes that the window
// alone: slower, but exact however the input is cut. With the full window no distance can be too long.
std::size_t Inflater::step_limit() const noexcept {
  if (window_bits_ == max_window_bits) return std::numeric_limits<uInt>::max();
  const std::uint64_t window = std::uint64_t{1} << window_bits_;
  return produced_ < window ? static_cast<std::size_t>(window - produced_) : 1;
}

DeflatePool::DeflatePool(DeflateTuning tuning) : tuning_(tuning) {
  deflaters_.reserve(idle_limit);
  inflaters_.reserve(idle_limit);
  windows_.reserve(idle_limit);
}

std::unique_ptr<Deflater> DeflatePool::take_deflater(std::uint8_t window_bits) {
  const auto same = std::find_if(deflaters_.begin(), deflaters_.end(),
                                 [&](const auto& idle) { return idle->window_bits() == window_bits; });
  if (same == deflaters_.end()) return Deflater::create(window_bits, tuning_);
  auto deflater = std::move(*same);
  deflaters_.erase(same);
  return deflater;
}

std::unique_ptr<Inflater> DeflatePool::take_inflater(std::uint8_t window_bits) {
  if (inflaters_.empty()) return Inflater::create(window_bits);
  auto inflater = std::move(inflaters_.back());
  inflaters_.pop_back();
  inflater->reset(window_bits);
  return inflater;
}

void DeflatePool::add(Packable& owner) {
  if (owner.place != Packable::nowhere) return;
  packable_.push_back(&owner);
  owner.place = packable_.size() - 1;
}

void DeflatePool::remove(Packable& owner) noexcept {
  if (owner.place == Packable::nowhere) return;
  Packable* const last = packable_.back();
  packable_[owner.place] = last;
  last->place = std::exchange(owner.place, Packable::nowhere);
  if (last == &owner) owner.place = Packable::nowhere;
  packable_.pop_back();
  if (packable_.empty()) packable_.shrink_to_fit();
}

// From the end, so that who takes the place of one that is removed has had its turn.
std::size_t DeflatePool::pack() noexcept {
  const std::size_t before = packable_.size();
  for (std::size_t i = packable_.size(); i > 0; --i) {
    if (packable_[i - 1]->pack()) remove(*packable_[i - 1]);
  }
  return before - packable_.size();
}

std::unique_ptr<InflateWindow> DeflatePool::take_window() {
  if (windows_.empty()) return std::make_unique_for_overwrite<InflateWindow>();
  auto window = std::move(windows_.back());
  windows_.pop_back();
  return window;
}

void DeflatePool::give_back(std::unique_ptr<Deflater> deflater) noexcept {
  if (deflater) deflater->reset();
  keep(deflaters_, std::move(deflater));
}

void DeflatePool::give_back(std::unique_ptr<Inflater> inflater) noexcept { keep(inflaters_, std::move(inflater)); }

void DeflatePool::give_back(std::unique_ptr<InflateWindow> window) noexcept { keep(windows_, std::move(window)); }

}  // namespace wscope::ws
