#include "app/wire_log.h"

#include <variant>

namespace wscope::app {

std::size_t WireLog::handle_received(base::Bytes bytes) {
  base::Bytes rest = bytes;
  static_cast<void>(report_next(view::Direction::in, rest));
  return bytes.size() - rest.size();
}

void WireLog::handle_sent(base::Bytes bytes) {
  while (report_next(view::Direction::out, bytes)) {
  }
}

bool WireLog::report_next(view::Direction direction, base::Bytes& bytes) {
  const auto item = (direction == view::Direction::in ? received_ : sent_).next(bytes);
  if (!item) return false;
  if (const auto* head = std::get_if<view::WireHead>(&*item)) {
    reporter_.head(connection_, direction, *head);
  } else {
    reporter_.frame(connection_, direction, std::get<view::WireFrame>(*item));
  }
  return true;
}

}  // namespace wscope::app
