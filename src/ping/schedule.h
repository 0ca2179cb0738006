// When pings are due.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace wscope::ping {

/// Times at a distance from each other that do not drift: the first at once, all others at multiples of the interval.
/// With an interval of zero one is due when none is open.
class Schedule {
 public:
  Schedule(base::Duration interval, std::optional<std::uint64_t> count) noexcept : interval_(interval), count_(count) {}

  /// From now on.
  void begin(base::TimePoint now) noexcept { due_ = now; }
  /// There are no more.
  void end() noexcept { ended_ = true; }
  /// Whether there are more, be it later.
  [[nodiscard]] bool has_more() const noexcept { return !ended_ && (!count_ || taken_ < *count_); }
  /// Whether one is due. `open`: whether one is still open.
  [[nodiscard]] bool is_due(base::TimePoint now, bool open) const noexcept;
  /// One that is due is sent. Those that were slept through before it are left out; after a hitch they come at once.
  void take(base::TimePoint now) noexcept;
  /// When is_due() will be true, if no answer makes it so.
  [[nodiscard]] std::optional<base::TimePoint> next() const noexcept;

 private:
  base::Duration interval_;
  std::optional<std::uint64_t> count_;
  std::optional<base::TimePoint> due_;
  std::uint64_t taken_ = 0;
  bool ended_ = false;
};

}  // namespace wscope::ping
