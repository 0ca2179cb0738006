// How much of what has come one turn of the loop delivers.
#pragma once

#include <cstddef>
#include <iterator>

#include "ws/event.h"

namespace wscope::peer {

/// Counts the events that a connection delivers in a turn: what is read at once may be tens of thousands of frames, or
/// inflate to tens of megabytes, and others, timeouts and signals wait meanwhile.
class Turn {
 public:
  /// So many events, if none is inflated.
  static constexpr std::ptrdiff_t most_events = 4096;
  /// So many bytes that little input has inflated to, if they are one event.
  static constexpr std::ptrdiff_t most_inflated = std::ptrdiff_t{1} << 20;

  /// `inflates`: messages may be longer than what came for them.
  explicit Turn(bool inflates) noexcept : inflates_(inflates) {}

  /// `events` of which none is inflated.
  void count(std::size_t events = 1) noexcept { left_ -= static_cast<std::ptrdiff_t>(events) * an_event; }
  void count(const ws::Message& message) noexcept {
    count();
    if (inflates_) [[unlikely]]
      left_ -= std::ssize(message.data);
  }
  /// Whether the rest is for the next turn.
  [[nodiscard]] bool over() const noexcept { return left_ <= 0; }

 private:
  static constexpr std::ptrdiff_t an_event = most_inflated / most_events;

  bool inflates_;
  std::ptrdiff_t left_ = most_inflated;
};

}  // namespace wscope::peer
