// Entries of a Poller to test with.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <utility>
#include <vector>

#include "descriptors.h"
#include "net/poller.h"

namespace wscope::test {

inline constexpr net::Interest reading{.readable = true};
inline constexpr net::Interest writing{.writable = true};

/// Remembers what it is told and does what the test wants then.
struct Recorder final : net::Pollable {
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override {
    ready.push_back(id);
    last = readiness;
    if (on_ready) on_ready();
  }
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override {
    due.push_back(id);
    due_at = now;
    if (on_deadline) on_deadline();
  }

  std::vector<net::Poller::Id> ready;
  std::vector<net::Poller::Id> due;
  net::Readiness last;
  base::TimePoint due_at;
  std::function<void()> on_ready;
  std::function<void()> on_deadline;
};

/// One turn that finds at once what is ready and does not wait for more.
inline void turn(net::Poller& poller) {
  struct final : net::Pollable {
    void handle_ready(net::Poller::Id, net::Readiness) override {}
    void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  } nobody;
  const net::Poller::Id id = poller.add(-1, {}, nobody);
  poller.set_deadline(id, base::TimePoint::min());
  CHECK(poller.run_once().ok());
  poller.remove(id);
}

inline net::Pipe readable_pipe() {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  REQUIRE(::write(pipe->write_end.get(), "x", 1) == 1);
  return std::move(*pipe);
}

}  // namespace wscope::test
