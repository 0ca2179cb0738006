// One of many connections of a server.
#pragma once

#include <utility>

#include "link/link.h"
#include "link/plan.h"

namespace wscope::link {

class Client;

/// Who owns clients and hears from them, as peer::PeerOwner does.
class ClientOwner {
 public:
  virtual void handle_message(Client& client, const ws::Message& message) = 0;
  virtual void handle_event(Client& client, const ws::Event& event) = 0;
  virtual void handle_progress(Client& client) = 0;
  /// The client may be destroyed in this call.
  virtual void handle_end(Client& client) = 0;

 protected:
  ~ClientOwner() = default;
};

/// A link from a client, which was let in or may be.
class Client final : public Link, private peer::PeerOwner {
 public:
  Client(peer::PeerContext context, peer::Transport transport, ws::Options options, ConnectionNumber number,
         ClientOwner& owner)
      : Link(context, std::move(transport), std::move(options), number, *this), owner_(owner) {}

  /// Whether its upgrade was accepted, once and for all.
  [[nodiscard]] bool admitted() const noexcept { return admitted_; }
  void admit() noexcept { admitted_ = true; }

  /// What came of an offer: changes are worth a word.
  enum class Offered : unsigned char { taken, keeps_up_again, begins_to_lag, left_out, closed };
  /// Whether it has read enough to be sent so many bytes more.
  [[nodiscard]] bool keeps_up(std::size_t size) const noexcept;
  /// What comes of it for one that does, and for one that does not: it is left out, or closed (1008).
  Offered take() noexcept { return std::exchange(lags_, false) ? Offered::keeps_up_again : Offered::taken; }
  Offered leave_out(SlowClient slow);
  /// Sends a whole message that goes to others as well. A client that has not read enough of those before does not get
  /// it, so that what waits for it is bounded.
  Offered offer(const ws::Piece& message, SlowClient slow);

 private:
  void handle_message(peer::Peer&, const ws::Message& message) override { owner_.handle_message(*this, message); }
  void handle_event(peer::Peer&, const ws::Event& event) override { owner_.handle_event(*this, event); }
  void handle_progress(peer::Peer&) override { owner_.handle_progress(*this); }
  void handle_end(peer::Peer&) override { owner_.handle_end(*this); }

  ClientOwner& owner_;
  bool admitted_ = false;
  bool lags_ = false;
};

}  // namespace wscope::link
