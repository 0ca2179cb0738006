#include "report/message_stamp.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace wscope::report {

std::string MessageStamp::next(base::TimePoint now, view::WallTime wall) {
  if (kind_ == Timestamps::off) return "";
  if (kind_ == Timestamps::relative) {
    const base::TimePoint before = std::exchange(before_, now).value_or(now);
    return fmt::format("+{:.6f} ", std::chrono::duration<double>(now - before).count());
  }
  std::string text;
  view::append_rfc3339(wall, text);
  return text += ' ';
}

}  // namespace wscope::report
