#include "streams/progress_line.h"

#include <chrono>
#include <utility>

#include <unistd.h>

namespace wscope::streams {
namespace {

// Before that nobody wonders.
constexpr base::Duration at_first = std::chrono::seconds(1);
constexpr base::Duration between = std::chrono::milliseconds(250);

}  // namespace

bool ProgressLine::on_terminal() noexcept { return ::isatty(STDERR_FILENO) != 0; }

bool ProgressLine::is_due(base::TimePoint now) noexcept {
  if (!std::exchange(begun_, true)) {
    begin_ = now;
    next_ = now + at_first;
  }
  if (now < next_) return false;
  next_ = now + between;
  return true;
}

std::string ProgressLine::show(std::string_view text) {
  shown_ = true;
  return std::string(text) + "\x1b[K\r";
}

std::string ProgressLine::clear() { return std::exchange(shown_, false) ? "\x1b[K" : ""; }

double ProgressLine::seconds(base::TimePoint now) const noexcept {
  return std::chrono::duration<double>(now - begin_).count();
}

}  // namespace wscope::streams
