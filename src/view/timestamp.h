// The time of day as people and programs read it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace wscope::view {

/// What the clock on the wall says; unlike base::TimePoint it may jump.
using WallTime = std::chrono::system_clock::time_point;

/// With a fraction.
[[nodiscard]] inline double milliseconds(base::Duration duration) noexcept {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// Appends RFC 3339 in UTC with microseconds to `out`: "2026-11-20T09:12:01.123456Z".
void append_rfc3339(WallTime time, std::string& out);

/// What that says, with any fraction or none; nothing if it is not such a time in UTC.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);

/// The local time of day with microseconds: "09:12:01.123456".
[[nodiscard]] std::string time_of_day(WallTime time);

}  // namespace wscope::view
