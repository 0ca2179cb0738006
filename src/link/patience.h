// When a client that does not take its answers may go on asking.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/budget.h"
#include "base/clock.h"
#include "link/happening.h"

namespace wscope::link {

/// An echo has output for a client that the system does not take. Most often the client is only a little behind: then
/// it is not read until it has its answers, which costs next to nothing, however many clients there are. But one that
/// says all it has to say before it listens would wait for us as we for it. So a client that has taken nothing for a
/// while may go on, out of memory that all clients share, up to a limit; and one that still takes nothing is named.
///
/// A machine: no clock, no timer and no connection. Clients that have no output waiting cost nothing.
class Patience {
 public:
  struct Options {
    std::uint64_t most_for_one = 0;  ///< bytes of output from which on a client is not read
    /// Bytes of memory that are kept for one client to get so far, when those before it have used up the rest: so that
    /// clients that all need more go on one after the other rather than not at all.
    std::uint64_t kept_for_one = 0;
    base::Duration grace{};        ///< how long without progress until it may go on
    base::Duration stuck_after{};  ///< how long without progress until it is named
  };

  /// `budget` counts the memory of the output, and outlives this.
  Patience(const Options& options, const base::Budget& budget) noexcept : options_(options), budget_(budget) {}

  /// Whether output waits for nobody.
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

  /// `waiting` bytes of output wait for `client`, and reading on would take `growth` bytes of memory more: whether it
  /// may be read.
  [[nodiscard]] bool may_read(ConnectionNumber client, std::uint64_t waiting, std::uint64_t growth,
                              base::TimePoint now);
  /// It has got more output, if it is one of those that output waits for.
  void add(ConnectionNumber client, std::uint64_t waiting) noexcept;
  /// Whether it has taken nothing for so long that it is worth a word; once each time.
  [[nodiscard]] bool is_stuck(ConnectionNumber client, base::TimePoint now) noexcept;
  /// Nothing waits for it any more, or it is gone.
  void forget(ConnectionNumber client);

  /// When to look again, or a little before; then due() says at whom.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept { return deadline_; }
  [[nodiscard]] std::vector<ConnectionNumber> due(base::TimePoint now);

 private:
  struct Waiting {
    std::uint64_t waiting = 0;
    base::TimePoint since{};                 // it has taken something, or output began to wait
    std::optional<base::TimePoint> again{};  // to be looked at
    bool named = false;
  };

  [[nodiscard]] bool judge(ConnectionNumber number, Waiting& client, std::uint64_t growth,
                           base::TimePoint now) noexcept;
  [[nodiscard]] bool has_memory(ConnectionNumber client, std::uint64_t growth) noexcept;

  Options options_;
  const base::Budget& budget_;
  std::map<ConnectionNumber, Waiting> waiting_;
  std::optional<base::TimePoint> deadline_;
  std::optional<ConnectionNumber> first_;  // whom the rest of the budget is kept for
};

}  // namespace wscope::link
