#include "check/progress.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace wscope::check {

void Progress::show(const Suite& suite, base::TimePoint now) {
  if (is_shown_ && line_.is_due(now)) errors_.print(line_.show(progress_in_words(suite)));
}

std::optional<base::TimePoint> Progress::deadline(base::TimePoint now) const noexcept {
  constexpr base::Duration often_enough = std::chrono::milliseconds(250);
  return is_shown_ ? std::optional(now + often_enough) : std::nullopt;
}

void Progress::clear() {
  if (const std::string erased = line_.clear(); !erased.empty()) errors_.print(erased);
}

std::string progress_in_words(const Suite& suite) {
  const auto& results = suite.results();
  const auto is_there = [](const auto& result) { return result.has_value(); };
  const auto has_failed = [](const auto& result) {
    return result && (result->verdict == Verdict::fail || result->verdict == Verdict::error);
  };
  return fmt::format("{} of {} cases, {} failed", std::count_if(results.begin(), results.end(), is_there),
                     results.size(), std::count_if(results.begin(), results.end(), has_failed));
}

}  // namespace wscope::check
