// The one kind of time the machines know: a monotonic instant, always passed in as an argument; and where it comes
// from.
#pragma once

#include <chrono>
#include <optional>

namespace wscope::base {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

/// Who knows what time it is: the system, or a test.
class TimeSource {
 public:
  virtual ~TimeSource() = default;
  /// Never earlier than the time before.
  [[nodiscard]] virtual TimePoint now() const noexcept = 0;
};

/// The earlier of two deadlines, where an absent one never comes.
[[nodiscard]] constexpr std::optional<TimePoint> earlier(std::optional<TimePoint> a,
                                                         std::optional<TimePoint> b) noexcept {
  if (!a) return b;
  if (!b) return a;
  return *a < *b ? a : b;
}

}  // namespace wscope::base
