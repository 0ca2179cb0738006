// How long to wait before trying again.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/random.h"

namespace wscope::link {

/// Half a second, then twice as long each time up to half a minute, and of that a random part between a half and all of
/// it, so that not all who lost a server come back at once.
class Backoff {
 public:
  explicit Backoff(base::RandomSource& random) noexcept : random_(random) {}

  /// The next waiting time.
  [[nodiscard]] base::Duration next();
  /// It has worked: begin with the shortest again.
  void reset() noexcept { calls_ = 0; }

 private:
  base::RandomSource& random_;
  std::uint64_t calls_ = 0;  // since the last reset
};

}  // namespace wscope::link
