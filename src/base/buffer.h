// The only growing byte store of the project: a FIFO with a hard cap.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>

#include "base/budget.h"
#include "base/bytes.h"

namespace wscope::base {

/// A first-in first-out byte queue in one contiguous block.
///
/// It never holds more than its cap: what would exceed it is refused whole, and the caller decides (stop reading,
/// fail the connection). It holds no memory while it is empty and released, so an idle connection costs nothing.
/// Views returned by view() and prepare() are valid until the next non-const call. Without memory, growing throws
/// std::bad_alloc and changes nothing.
class Buffer {
 public:
  /// `cap`: the largest number of bytes ever held. `budget`, which outlives it, counts the memory that it has grown to;
  /// null: nobody does.
  explicit Buffer(std::size_t cap, Budget* budget = nullptr) noexcept : cap_(cap), budget_(budget) {}

  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { settle(0); }

  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::size_t cap() const noexcept { return cap_; }
  /// How many more bytes may be appended.
  [[nodiscard]] std::size_t space() const noexcept { return cap_ - size(); }
  /// Bytes of memory held right now.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// The bytes held, oldest first.
  [[nodiscard]] Bytes view() const noexcept { return {storage_.get() + begin_, size()}; }
  /// The same, to be changed in place.
  [[nodiscard]] MutableBytes mutable_view() noexcept { return {storage_.get() + begin_, size()}; }

  /// Room for `n` more bytes behind the newest one, to be filled and then committed; empty if `n` exceeds space().
  /// The contents of the room are unspecified.
  [[nodiscard]] MutableBytes prepare(std::size_t n) {
    if (n > capacity_ - end_) {
      if (n > space()) return {};
      make_room(n);
    }
    return {storage_.get() + end_, n};
  }
  /// How many bytes of memory more prepare(n) would hold.
  [[nodiscard]] std::size_t growth(std::size_t n) const noexcept;
  /// Makes the memory at least so large (up to the cap), where it is known how much will come.
  void reserve(std::size_t capacity);
  /// Makes the first `n` bytes of the last prepared room part of the queue.
  void commit(std::size_t n) noexcept {
    assert(n <= capacity_ - end_);
    end_ += n;
  }

  /// Appends a copy of all of `bytes` (which are not this queue's own), or nothing: false if they exceed space().
  [[nodiscard]] bool append(Bytes bytes) {
    const MutableBytes room = prepare(bytes.size());
    if (room.size() != bytes.size()) return false;
    std::copy(bytes.begin(), bytes.end(), room.begin());
    commit(bytes.size());
    return true;
  }

  /// Drops the `n` oldest bytes (n <= size()).
  void consume(std::size_t n) noexcept {
    assert(n <= size());
    begin_ += n;
    if (empty()) clear();
  }
  /// Drops the newest bytes so that `n` are left (n <= size()).
  void truncate(std::size_t n) noexcept {
    assert(n <= size());
    end_ = begin_ + n;
  }
  /// Drops everything but keeps the memory.
  void clear() noexcept { begin_ = end_ = 0; }
  /// Gives the memory back. Only while empty.
  void release() noexcept;
  /// Exchanges memory with `other`, unless it is more than a cap allows. Only while both are empty. What a budget
  /// counts stays as it is until this grows or is released: memory that is lent like that is small.
  void swap_memory(Buffer& other) noexcept;

 private:
  void make_room(std::size_t n);
  [[nodiscard]] bool fits_when_moved(std::size_t n) const noexcept;
  [[nodiscard]] std::size_t capacity_for(std::size_t n) const noexcept;
  void move_to(std::size_t capacity);
  void settle(std::size_t counted) noexcept {
    if (counted_ == counted) return;
    counted_ > counted ? budget_->give_back(counted_ - counted) : budget_->take(counted - counted_);
    counted_ = counted;
  }

  std::unique_ptr<std::byte[]> storage_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t cap_;
  Budget* budget_;
  std::size_t counted_ = 0;  // by the budget
};

}  // namespace wscope::base
