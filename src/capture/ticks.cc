#include "capture/ticks.h"

#include <algorithm>
#include <chrono>

namespace wscope::capture {
namespace {

constexpr std::uint64_t billion = 1'000'000'000;

}  // namespace

WallTime to_wall_time(std::int64_t seconds, std::uint64_t nanoseconds) noexcept {
  constexpr std::int64_t latest = 9'000'000'000;  // nanoseconds are counted in 64 bits: to the year 2255
  nanoseconds = std::min<std::uint64_t>(nanoseconds, 100 * billion);
  const auto since = std::chrono::seconds(std::clamp<std::int64_t>(seconds, -latest, latest)) +
                     std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds));
  return WallTime(std::chrono::duration_cast<WallTime::duration>(since));
}

WallTime ticks_to_wall_time(std::uint64_t ticks, std::uint8_t resolution, std::int64_t offset) noexcept {
  const unsigned exponent = resolution & 0x7fU;
  std::uint64_t seconds = 0;
  std::uint64_t fraction = 0;
  if ((resolution & 0x80U) != 0) {
    if (exponent < 64) {
      seconds = ticks >> exponent;
      fraction = exponent == 0 ? 0 : ticks & ((std::uint64_t{1} << exponent) - 1);
    }
    const unsigned excess = exponent > 30 ? exponent - 30 : 0;  // so that a product has room
    fraction = exponent < 64 ? (fraction >> excess) * billion >> (exponent - excess) : 0;
  } else if (exponent < 20) {
    std::uint64_t unit = 1;
    for (unsigned i = 0; i < exponent; ++i) unit *= 10;
    seconds = ticks / unit;
    fraction = unit <= billion ? ticks % unit * (billion / unit) : ticks % unit / (unit / billion);
  }
  constexpr std::uint64_t latest = 9'000'000'000;
  constexpr std::int64_t farthest = 18'000'000'000;
  return to_wall_time(static_cast<std::int64_t>(std::min(seconds, latest)) + std::clamp(offset, -farthest, farthest),
                      fraction);
}

}  // namespace wscope::capture
