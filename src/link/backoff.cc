#include "link/backoff.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/bytes.h"

namespace wscope::link {
namespace {

constexpr base::Duration shortest = std::chrono::milliseconds(500);
constexpr base::Duration longest = std::chrono::seconds(30);
constexpr std::uint64_t doublings = 6;  // after which the longest is reached

}  // namespace

base::Duration Backoff::next() {
  const base::Duration whole = std::min(longest, shortest * (std::int64_t{1} << std::min(calls_, doublings)));
  ++calls_;
  std::array<std::byte, 2> dice;
  random_.fill(dice);
  const auto part = base::load_big_endian<std::uint16_t>(dice.data());
  return whole / 2 + whole / 2 * part / UINT16_MAX;
}

}  // namespace wscope::link
