#include "ping/samples.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <utility>

namespace wscope::ping {
namespace {

using Microseconds = std::chrono::duration<std::int64_t, std::micro>;

// Ranges: a microsecond each up to `linear`, and then in each octave half as many, which are twice as wide.
constexpr std::uint64_t linear = 2048;
constexpr std::uint64_t in_octave = linear / 2;

std::size_t bucket_of(base::Duration sample) noexcept {
  const auto rounded = std::chrono::round<Microseconds>(sample).count();
  const std::uint64_t value = rounded > 0 ? static_cast<std::uint64_t>(rounded) : 0;
  if (value < linear) return static_cast<std::size_t>(value);
  const auto octave = static_cast<std::uint64_t>(std::bit_width(value) - std::bit_width(linear) + 1);
  return static_cast<std::size_t>(linear + (octave - 1) * in_octave + (value >> octave) - in_octave);
}

// Its middle.
base::Duration value_of(std::size_t bucket) noexcept {
  if (bucket < linear) return Microseconds(bucket);
  const std::uint64_t octave = (bucket - linear) / in_octave + 1;
  const std::uint64_t from = ((bucket - linear) % in_octave + in_octave) << octave;
  return Microseconds(from + (std::uint64_t{1} << octave) / 2);
}

base::Duration rounded(double nanoseconds) noexcept {
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double, std::nano>(nanoseconds));
}

}  // namespace

void Samples::add(base::Duration sample) {
  least_ = count_ == 0 ? sample : std::min(least_, sample);
  greatest_ = count_ == 0 ? sample : std::max(greatest_, sample);
  ++count_;
  const double value = std::chrono::duration<double, std::nano>(sample).count();
  const double difference = value - mean_;  // Welford's way, which stays exact
  mean_ += difference / static_cast<double>(count_);
  squares_ += difference * (value - mean_);
  if (count_ <= most_exact) return exact_.push_back(sample);
  for (const base::Duration before : std::exchange(exact_, {})) count_in(before);
  count_in(sample);
}

void Samples::count_in(base::Duration sample) {
  const std::size_t bucket = bucket_of(sample);
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  ++counts_[bucket];
}

base::Duration Samples::mean() const noexcept { return rounded(mean_); }

base::Duration Samples::deviation() const noexcept {
  return count_ == 0 ? base::Duration::zero() : rounded(std::sqrt(squares_ / static_cast<double>(count_)));
}

base::Duration Samples::percentile(unsigned percent) const {
  if (count_ == 0) return {};
  const std::uint64_t rank = std::max<std::uint64_t>(1, (count_ * percent + 99) / 100);
  if (!exact_.empty()) {
    std::vector<base::Duration> sorted = exact_;
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
  }
  std::uint64_t before = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    before += counts_[bucket];
    if (before >= rank) return std::clamp(value_of(bucket), least_, greatest_);
  }
  return greatest_;
}

}  // namespace wscope::ping
