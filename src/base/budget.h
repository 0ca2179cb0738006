// How much memory many stores may hold together.
#pragma once

#include <cassert>
#include <cstdint>

namespace wscope::base {

/// Counts the bytes that its stores hold (Buffer does so by itself) and says how many there should be at most. It
/// refuses nothing: who is about to let something grow that can do without asks it first. One thread.
class Budget {
 public:
  /// `whole`, which outlives it: a budget that this one is a part of, and that counts the same bytes. Null: none.
  explicit Budget(std::uint64_t most, Budget* whole = nullptr) noexcept : most_(most), whole_(whole) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  [[nodiscard]] std::uint64_t most() const noexcept { return most_; }
  [[nodiscard]] std::uint64_t held() const noexcept { return held_; }
  /// Whether `n` bytes more are within it, and within what it is a part of.
  [[nodiscard]] bool allows(std::uint64_t n) const noexcept {
    return held_ <= most_ && n <= most_ - held_ && (whole_ == nullptr || whole_->allows(n));
  }

  void take(std::uint64_t n) noexcept {
    held_ += n;
    if (whole_ != nullptr) whole_->take(n);
  }
  /// Of what was taken.
  void give_back(std::uint64_t n) noexcept {
    assert(n <= held_);
    held_ -= n;
    if (whole_ != nullptr) whole_->give_back(n);
  }

 private:
  std::uint64_t most_;
  std::uint64_t held_ = 0;
  Budget* whole_;
};

}  // namespace wscope::base
