// To a target that takes datagrams.
#pragma once

#include "link/loop.h"
#include "link/plan.h"
#include "net/fd.h"
#include "net/resolver.h"
#include "serve/datagram_join.h"
#include "serve/passage.h"
#include "serve/target.h"

namespace wscope::serve {

/// Looks the target up, and hears of its first address alone.
class DatagramPassage final : public Passage, private net::Pollable, private DatagramJoinOwner {
 public:
  /// `loop` and `owner` outlive it.
  DatagramPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target, base::Duration timeout,
                  base::Duration idle, PassageOwner& owner);
  ~DatagramPassage() override;

  void handle_open(link::Client& client) override;
  void handle_message(link::Client&, const ws::Message& message) override { join_.handle_message(message); }
  void handle_progress(link::Client&) override { join_.handle_progress(); }
  [[nodiscard]] bool handle_gone() override;

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  [[nodiscard]] net::IoResult send_datagram(base::Bytes datagram) override;
  void handle_datagram_word(const std::string& text) override { owner_.handle_word(number_, text); }
  void connect();
  void receive();

  link::Loop& loop_;
  link::ConnectionNumber number_;
  PassageOwner& owner_;
  net::Resolver resolver_;
  net::UniqueFd socket_;
  net::Poller::Id timer_;
  net::Poller::Id id_{};  // of the name, then of the socket
  DatagramJoin join_;
};

}  // namespace wscope::serve
