#include "view/waterfall.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "view/timestamp.h"

namespace wscope::view {
namespace {

constexpr std::size_t columns = 20;

struct Part {
  const char* name;
  std::optional<base::Duration> took;
};

// From `begin` to `end`, which are parts of one; at least one column wide.
std::string bar(double begin, double end) {
  const auto column = [](double part) { return static_cast<std::size_t>(part * columns + .5); };
  const std::size_t first = std::min(column(begin), columns - 1);
  const std::size_t last = std::clamp(column(end), first + 1, columns);
  return std::string(first, ' ') + std::string(last - first, '=') + std::string(columns - last, ' ');
}

}  // namespace

std::vector<std::string> waterfall(const Timing& timing) {
  const Part parts[] = {{"DNS", timing.dns},
                        {"TCP", timing.tcp},
                        {"proxy", timing.proxy},
                        {"TLS", timing.tls},
                        {"upgrade", timing.upgrade}};
  base::Duration all{};
  for (const Part& part : parts) all += part.took.value_or(base::Duration::zero());
  const double whole = std::max(milliseconds(all), 1e-6);
  std::vector<std::string> lines;
  double before = 0;
  for (const Part& part : parts) {
    if (!part.took) continue;
    const double took = milliseconds(*part.took);
    lines.push_back(
        fmt::format("{:<8}{:>9.2f} ms |{}|", part.name, took, bar(before / whole, (before + took) / whole)));
    before += took;
  }
  return lines;
}

}  // namespace wscope::view
