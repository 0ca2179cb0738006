// Signals as calls from the loop.
#pragma once

#include "net/poller.h"
#include "net/signals.h"

namespace wscope::streams {

/// Who wants to know.
class SignalOwner {
 public:
  virtual void handle_signal(int number) = 0;

 protected:
  ~SignalOwner() = default;
};

/// Tells its owner of each signal that arrives.
class SignalWatch final : private net::Pollable {
 public:
  SignalWatch(net::Poller& poller, net::Signals& signals, SignalOwner& owner)
      : poller_(poller), signals_(signals), owner_(owner), id_(poller.add(signals.fd(), {.readable = true}, *this)) {}
  ~SignalWatch() { poller_.remove(id_); }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// Tells of those that have arrived by now.
  void look() {
    while (const auto number = signals_.take()) owner_.handle_signal(*number);
  }

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override { look(); }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  net::Poller& poller_;
  net::Signals& signals_;
  SignalOwner& owner_;
  net::Poller::Id id_;
};

}  // namespace wscope::streams
