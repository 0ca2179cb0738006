#include "ping/schedule.h"

#include <chrono>

namespace wscope::ping {
namespace {

// What is no sleep: the loop is as late as that when it is busy, or because it counts in milliseconds.
constexpr base::Duration hitch = std::chrono::milliseconds(100);

}  // namespace

bool Schedule::is_due(base::TimePoint now, bool open) const noexcept {
  if (!has_more() || !due_) return false;
  return interval_ == base::Duration::zero() ? !open : *due_ <= now;
}

void Schedule::take(base::TimePoint now) noexcept {
  ++taken_;
  if (interval_ == base::Duration::zero()) return;
  if (now - *due_ > hitch) *due_ += interval_ * ((now - *due_) / interval_);
  *due_ += interval_;
}

std::optional<base::TimePoint> Schedule::next() const noexcept {
  if (!has_more() || interval_ == base::Duration::zero()) return std::nullopt;
  return due_;
}

}  // namespace wscope::ping
