// How far a long way has been gone, on a terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"

namespace wscope::session {

/// A line that is written again and again, with the cursor left at its beginning, so that whatever is printed next
/// takes its place. Short ways have none.
class Progress {
 public:
  /// `total`: bytes, if that is known.
  explicit Progress(std::optional<std::uint64_t> total) noexcept : total_(total) {}

  /// So many bytes more. What is to be written now, mostly nothing.
  [[nodiscard]] std::string advance(std::uint64_t bytes, base::TimePoint now);
  /// What takes the line away; empty: there is none.
  [[nodiscard]] std::string finish();

 private:
  [[nodiscard]] std::string line(base::TimePoint now) const;

  std::optional<std::uint64_t> total_;
  std::optional<base::TimePoint> begun_;
  base::TimePoint next_{};
  std::uint64_t done_ = 0;
  bool shown_ = false;
};

}  // namespace wscope::session
