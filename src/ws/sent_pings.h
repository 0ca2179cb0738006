// Our Pings that are not answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace wscope::ws {

/// Remembers them, and finds the one that a Pong answers.
class SentPings {
 public:
  struct Ping {
    std::string payload;
    base::TimePoint at;
    bool keepalive = false;
  };

  /// Of those that a peer never answers, the oldest are forgotten.
  void add(Ping ping);
  /// The oldest one with the payload of a Pong, if any. It and those before it are not waited for any more.
  [[nodiscard]] std::optional<Ping> take(base::Bytes payload);

 private:
  std::vector<Ping> pings_;  // the oldest first
};

}  // namespace wscope::ws
