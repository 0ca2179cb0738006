#include "session/progress.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "view/counted.h"

namespace wscope::session {
namespace {

// Before that nobody wonders.
constexpr base::Duration at_first = std::chrono::seconds(1);
constexpr base::Duration between = std::chrono::milliseconds(250);

}  // namespace

std::string Progress::advance(std::uint64_t bytes, base::TimePoint now) {
  if (!begun_) {
    begun_ = now;
    next_ = now + at_first;
  }
  done_ += bytes;
  if (now < next_) return {};
  next_ = now + between;
  shown_ = true;
  return line(now);
}

std::string Progress::line(base::TimePoint now) const {
  std::string text = "sent " + view::in_bytes(done_);
  if (total_ && *total_ > 0) {
    text += fmt::format(" of {}, {} %", view::in_bytes(*total_), std::min<std::uint64_t>(100, done_ * 100 / *total_));
  }
  const double seconds = std::chrono::duration<double>(now - *begun_).count();
  text += ", " + view::in_bytes(static_cast<std::uint64_t>(static_cast<double>(done_) / seconds)) + "/s";
  return text + "\x1b[K\r";
}

std::string Progress::finish() { return std::exchange(shown_, false) ? "\x1b[K" : ""; }

}  // namespace wscope::session
