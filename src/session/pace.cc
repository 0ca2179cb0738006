#include "session/pace.h"

#include <chrono>

namespace wscope::session {
namespace {

constexpr base::Duration stall = std::chrono::seconds(1);

}  // namespace

void Pace::take(base::TimePoint now) noexcept {
  if (next_ == base::TimePoint::min() || now - next_ >= stall) {
    begun_ = now;
    taken_ = 0;
  }
  ++taken_;
  const std::chrono::duration<double> since(static_cast<double>(taken_) / rate_);
  next_ = begun_ + std::chrono::round<base::Duration>(since);
}

}  // namespace wscope::session
