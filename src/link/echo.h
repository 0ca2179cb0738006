// A server's echo.
#pragma once

#include "base/budget.h"
#include "link/loop.h"
#include "link/patience.h"
#include "link/server.h"

namespace wscope::link {

/// Sends every message back: text as text and binary as binary, frame by frame as it came, as long as there is memory
/// to hold frames; otherwise, and if a frame is too long to be held at all, in pieces as it comes, in constant memory.
/// What a client may leave unread, Patience says.
class Echo final : public Service, private net::Pollable {
 public:
  /// `loop` outlives it.
  Echo(Loop& loop, const SizeLimits& limits, const Timeouts& timeouts);
  ~Echo();
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  void begin(Server& server) override { server_ = &server; }
  void prepare(ws::Options& options, Delivery delivery) override;
  void handle_open(Client&) override {}
  void handle_message(Client& client, const ws::Message& message) override;
  void handle_progress(Client& client) override;
  void handle_gone(Client& client) override;

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void look_at(Client& client);

  Loop& loop_;
  std::uint64_t longest_held_;
  base::Budget answers_;  // of what is held by all of the loop's: output, and frames that have not come to their end
  base::Budget frames_;   // of that, these
  Patience patience_;
  net::Poller::Id timer_;
  Server* server_ = nullptr;
};

}  // namespace wscope::link
