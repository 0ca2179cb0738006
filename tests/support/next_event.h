// Asking a connection for its events as the program does.
#pragma once

#include <optional>

#include "ws/connection.h"

namespace wscope::test {

/// The next event, by the shorter way if it is a whole message. What comes byte by byte never is one, so a test that
/// splits its input compares the two ways.
inline std::optional<ws::Event> next_event(ws::Connection& connection, base::TimePoint now) {
  if (ws::Message message; connection.next_whole_message(message)) return message;
  return connection.next_event(now);
}

}  // namespace wscope::test
