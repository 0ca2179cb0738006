// A clock for tests.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace wscope::test {

/// Stands still until the test says that time has passed.
class FakeTime final : public base::TimeSource {
 public:
  [[nodiscard]] base::TimePoint now() const noexcept override { return now_; }
  void pass(base::Duration duration) noexcept { now_ += duration; }

 private:
  base::TimePoint now_{std::chrono::hours(1000)};
};

}  // namespace wscope::test
