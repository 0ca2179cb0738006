#include "base/buffer.h"

#include <algorithm>
#include <utility>

namespace wscope::base {
namespace {

constexpr std::size_t first_capacity = 4096;

}  // namespace

Buffer::Buffer(Buffer&& other) noexcept
    : storage_(std::move(other.storage_)),
      capacity_(std::exchange(other.capacity_, 0)),
      begin_(std::exchange(other.begin_, 0)),
      end_(std::exchange(other.end_, 0)),
      cap_(other.cap_),
      budget_(other.budget_),
      counted_(std::exchange(other.counted_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  settle(0);
  storage_ = std::move(other.storage_);
  capacity_ = std::exchange(other.capacity_, 0);
  begin_ = std::exchange(other.begin_, 0);
  end_ = std::exchange(other.end_, 0);
  cap_ = other.cap_;
  budget_ = other.budget_;
  counted_ = std::exchange(other.counted_, 0);
  return *this;
}

void Buffer::release() noexcept {
  assert(empty());
  storage_.reset();
  capacity_ = begin_ = end_ = 0;
  settle(0);
}

void Buffer::swap_memory(Buffer& other) noexcept {
  assert(empty() && other.empty());
  if (capacity_ > other.cap_ || other.capacity_ > cap_) return;
  clear();
  other.clear();
  std::swap(storage_, other.storage_);
  std::swap(capacity_, other.capacity_);
}

// Moving is paid for by the bytes consumed since the last move if there are at least as many of them; otherwise the
// block doubles, which pays for itself too. Only a block that is as large as the cap moves more.
bool Buffer::fits_when_moved(std::size_t n) const noexcept {
  return n <= capacity_ - size() && (size() <= begin_ || capacity_ == cap_);
}

std::size_t Buffer::capacity_for(std::size_t n) const noexcept {
  const std::size_t doubled = capacity_ > cap_ / 2 ? cap_ : capacity_ * 2;
  return std::min(cap_, std::max({first_capacity, doubled, size() + n}));
}

std::size_t Buffer::growth(std::size_t n) const noexcept {
  if (n <= capacity_ - end_ || n > space() || fits_when_moved(n)) return 0;
  return capacity_for(n) - capacity_;
}

void Buffer::reserve(std::size_t capacity) {
  if (capacity > capacity_) move_to(std::min(capacity, cap_));
}

void Buffer::make_room(std::size_t n) {
  if (!fits_when_moved(n)) return move_to(capacity_for(n));
  const std::size_t held = size();
  std::memmove(storage_.get(), storage_.get() + begin_, held);
  begin_ = 0;
  end_ = held;
}

void Buffer::move_to(std::size_t capacity) {
  const std::size_t held = size();
  auto storage = std::make_unique_for_overwrite<std::byte[]>(capacity);
  if (held > 0) std::memcpy(storage.get(), storage_.get() + begin_, held);
  storage_ = std::move(storage);
  capacity_ = capacity;
  begin_ = 0;
  end_ = held;
  if (budget_ != nullptr) settle(capacity);
}

}  // namespace wscope::base
