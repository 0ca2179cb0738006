// To a target that is a stream of bytes.
#pragma once

#include <memory>

#include "link/loop.h"
#include "link/plan.h"
#include "peer/dialer.h"
#include "serve/join.h"
#include "serve/passage.h"
#include "serve/target.h"

namespace wscope::serve {

/// Connects to a TCP or Unix domain socket, and joins it with the client.
class StreamPassage final : public Passage, private peer::DialerOwner, private JoinOwner {
 public:
  /// `loop` and `owner` outlive it.
  StreamPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target, const link::Timeouts& timeouts,
                PassageOwner& owner);

  void handle_open(link::Client& client) override { join_->begin(client); }
  void handle_message(link::Client&, const ws::Message& message) override { join_->handle_message(message); }
  void handle_progress(link::Client&) override { join_->handle_progress(); }
  [[nodiscard]] bool handle_gone() override;

 private:
  void handle_attempt(const net::SocketAddress&) override {}
  void handle_dialed(base::Result<peer::Dialed> dialed) override;
  void handle_join_over() override;

  link::Loop& loop_;
  link::ConnectionNumber number_;
  Ends::Options ends_;
  PassageOwner& owner_;
  peer::Dialer dialer_;
  std::unique_ptr<Join> join_;
};

}  // namespace wscope::serve
