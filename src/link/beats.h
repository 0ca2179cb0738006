// Messages that are sent again and again (--every).
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "link/loop.h"
#include "link/plan.h"
#include "link/recollection.h"
#include "net/poller.h"

namespace wscope::link {

class Link;

/// Sends the messages of a plan on one link, each first once its interval has passed and then on its own absolute
/// schedule: one that is late makes no other one late. A beat that there is no room for is left out, and so are those
/// that were slept through; in the middle of a message that is being sent there is no room for another. Where there is
/// no memory for one, that costs the connection. Its names are filled in anew each time, n counting those that were
/// sent.
class Beats final : private net::Pollable {
 public:
  /// From now on. All that is referred to outlives it, `beats` as well.
  Beats(Loop& loop, const std::vector<Beat>& beats, Link& link);
  ~Beats();
  Beats(const Beats&) = delete;
  Beats& operator=(const Beats&) = delete;

  /// One more, from now on, under a name for remove(); there may be one of it already, which stays as it is.
  /// `variables`, which outlives it, knows more of what its names stand for.
  void add(std::uint64_t id, const Beat& beat, const Recollection& variables);
  /// Nothing if there is none of that name.
  void remove(std::uint64_t id);

 private:
  struct Row {
    const Beat* beat;
    std::uint64_t id = 0;                // of one that was added
    std::unique_ptr<const Beat> kept{};  // the same
    Recollection names;
    base::TimePoint due;
    std::uint64_t sent = 0;
  };
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void send(Row& row);
  void set_timer();

  Loop& loop_;
  Link& link_;
  net::Poller::Id timer_;
  std::list<Row> rows_{};
};

}  // namespace wscope::link
