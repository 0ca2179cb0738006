// Turning a loop in a test, neither for ever nor in vain.
#pragma once

#include <doctest/doctest.h>

#include <chrono>

#include "net/poller.h"

namespace wscope::test {

/// An entry that only notes that its time has come.
class Alarm final : private net::Pollable {
 public:
  Alarm(net::Poller& poller, base::Duration after) : poller_(poller), id_(poller.add(-1, {}, *this)) {
    poller_.set_deadline(id_, poller_.now() + after);
  }
  ~Alarm() { poller_.remove(id_); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  [[nodiscard]] bool rang() const noexcept { return rang_; }

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint) override { rang_ = true; }

  net::Poller& poller_;
  net::Poller::Id id_;
  bool rang_ = false;
};

/// Turns the loop until `done()`; false if that takes suspiciously long.
template <typename Done>
bool run_until(net::Poller& poller, Done&& done) {
  constexpr base::Duration suspicious = std::chrono::minutes(2);
  const base::TimePoint end = base::Clock::now() + suspicious;  // the loop's time may stand still
  const Alarm alarm(poller, suspicious);
  while (!done()) {
    if (base::Clock::now() >= end) return false;
    REQUIRE(poller.run_once().ok());
  }
  return true;
}

/// One turn that waits for nothing.
inline void turn_at_once(net::Poller& poller) {
  const Alarm alarm(poller, base::Duration::zero());
  REQUIRE(poller.run_once().ok());
}

/// Turns the loop as long as anything happens at once, and a little longer: however late this process gets its turn.
inline void settle(net::Poller& poller) {
  constexpr int least = 20;
  const base::TimePoint end = base::Clock::now() + std::chrono::milliseconds(2);
  for (int turns = 0; turns < least || base::Clock::now() < end; ++turns) turn_at_once(poller);
}

/// Whether the loop sleeps when there is nothing to do: somebody who is ready but does nothing about it keeps it awake,
/// for ever, while what the system is slow to hand over only takes another look.
inline bool comes_to_rest(net::Poller& poller) {
  constexpr int looks = 20;
  constexpr base::Duration rest = std::chrono::milliseconds(5);
  int turns = 5;
  for (int look = 0; look < looks && turns > 4; ++look) {
    settle(poller);
    const base::TimePoint end = base::Clock::now() + rest;  // the loop's time may stand still
    const Alarm alarm(poller, rest);
    for (turns = 0; !alarm.rang() && base::Clock::now() < end; ++turns) REQUIRE(poller.run_once().ok());
  }
  return turns <= 4;
}

}  // namespace wscope::test
