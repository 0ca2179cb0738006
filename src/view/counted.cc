#include "view/counted.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

namespace wscope::view {
namespace {

// Rounded down, so that 100 % is all of it. A number of bytes times 100 may be too large for an integer.
std::uint64_t percent(std::uint64_t done, std::uint64_t whole) noexcept {
  if (done >= whole) return 100;
  return std::min<std::uint64_t>(
      99, static_cast<std::uint64_t>(static_cast<double>(done) * 100 / static_cast<double>(whole)));
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string in_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr const char* units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 999.95 && unit + 1 < std::size(units); ++unit) size /= 1000;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string part_of_bytes(std::uint64_t done, std::optional<std::uint64_t> whole) {
  if (whole.value_or(0) == 0) return in_bytes(done);
  return fmt::format("{} of {}, {} %", in_bytes(done), in_bytes(*whole), percent(done, *whole));
}

}  // namespace wscope::view
