// Messages that are sent again and again (--every).
#pragma once

#include <cstddef>
#include <cstdint>
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
  /// From now on. All that is referred to outlives it.
  Beats(Loop& loop, const std::vector<Beat>& beats, Link& link);
  ~Beats();
  Beats(const Beats&) = delete;
  Beats& operator=(const Beats&) = delete;

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void send(std::size_t beat);
  void set_timer();

  Loop& loop_;
  const std::vector<Beat>& beats_;
  Link& link_;
  net::Poller::Id timer_;
  Recollection names_;
  std::vector<base::TimePoint> due_;  // of each of them
  std::vector<std::uint64_t> sent_;   // how often, of each
};

}  // namespace wscope::link
