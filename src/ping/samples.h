// How long things took: figures of any number of them, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"

namespace wscope::ping {

/// Least, greatest, mean, deviation and percentiles. Percentiles are exact of the first few thousand; beyond them of
/// microseconds, and of what is more than two milliseconds within a thousandth.
class Samples {
 public:
  void add(base::Duration sample);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  // Of none they are zero.
  [[nodiscard]] base::Duration least() const noexcept { return least_; }
  [[nodiscard]] base::Duration greatest() const noexcept { return greatest_; }
  [[nodiscard]] base::Duration mean() const noexcept;
  /// The standard deviation, as ping(8) has it.
  [[nodiscard]] base::Duration deviation() const noexcept;
  /// The least one that `percent` of all are not above.
  [[nodiscard]] base::Duration percentile(unsigned percent) const;

 private:
  static constexpr std::size_t most_exact = 4096;

  void count_in(base::Duration sample);

  std::vector<base::Duration> exact_;  // all of them, as long as there are not too many
  std::vector<std::uint64_t> counts_;  // else how many are in each range of bucket_of()
  std::uint64_t count_ = 0;
  base::Duration least_{};
  base::Duration greatest_{};
  double mean_ = 0;     // of nanoseconds
  double squares_ = 0;  // of the differences from it
};

}  // namespace wscope::ping
