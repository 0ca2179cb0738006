// How fast messages may be sent (--rate).
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace wscope::session {

/// Lets so many messages a second through, evenly: on an absolute schedule, so that one that is late does not make the
/// next one late. Behind a stall of a second the schedule begins anew, and what it has missed is not caught up with.
class Pace {
 public:
  /// Zero: there is no limit.
  explicit Pace(double messages_a_second) noexcept : rate_(messages_a_second) {}

  [[nodiscard]] bool limits() const noexcept { return rate_ > 0; }
  /// When the next message may be sent.
  [[nodiscard]] base::TimePoint next() const noexcept { return next_; }
  /// One is sent, which was allowed.
  void take(base::TimePoint now) noexcept;

 private:
  double rate_;
  base::TimePoint begun_{};  // the schedule
  std::uint64_t taken_ = 0;  // since then
  base::TimePoint next_ = base::TimePoint::min();
};

}  // namespace wscope::session
