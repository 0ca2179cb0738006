// When a message came, in front of it.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "report/plan.h"
#include "view/timestamp.h"

namespace wscope::report {

/// What stands in front of messages that are printed one after the other.
class MessageStamp {
 public:
  explicit MessageStamp(Timestamps kind) noexcept : kind_(kind) {}

  [[nodiscard]] bool shown() const noexcept { return kind_ != Timestamps::off; }
  /// A connection is open: the first message is told from the first such time.
  void begin(base::TimePoint now) noexcept {
    if (!before_) before_ = now;
  }
  /// Of the next message: "2026-11-30T09:12:01.123456Z ", or "+0.041213 ", seconds since the one before.
  [[nodiscard]] std::string next(base::TimePoint now, view::WallTime wall);

 private:
  Timestamps kind_;
  std::optional<base::TimePoint> before_{};
};

}  // namespace wscope::report
