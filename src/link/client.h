// One of many connections of a server.
#pragma once

#include <memory>
#include <utility>

#include "link/happening.h"
#include "link/plan.h"
#include "link/wire_log.h"
#include "peer/peer.h"

namespace wscope::link {

class Client;

/// Who owns clients and hears from them, as peer::PeerOwner does.
class ClientOwner {
 public:
  virtual void handle_event(Client& client, const ws::Event& event) = 0;
  virtual void handle_progress(Client& client) = 0;
  /// The client may be destroyed in this call.
  virtual void handle_end(Client& client) = 0;

 protected:
  ~ClientOwner() = default;
};

/// A peer with a number.
class Client final : private peer::PeerOwner {
 public:
  Client(peer::PeerContext context, peer::Transport transport, ws::Options options, ConnectionNumber number,
         ClientOwner& owner)
      : owner_(owner), number_(number), peer_(context, std::move(transport), std::move(options), *this) {}

  [[nodiscard]] ConnectionNumber number() const noexcept { return number_; }
  [[nodiscard]] peer::Peer& peer() noexcept { return peer_; }
  [[nodiscard]] const peer::Peer& peer() const noexcept { return peer_; }
  [[nodiscard]] ws::Connection& connection() noexcept { return peer_.connection(); }
  [[nodiscard]] const ws::Connection& connection() const noexcept { return peer_.connection(); }
  /// Whether its upgrade was accepted, once and for all.
  [[nodiscard]] bool admitted() const noexcept { return admitted_; }
  void admit() noexcept { admitted_ = true; }
  /// Whether data can be sent.
  [[nodiscard]] bool is_open() const noexcept { return peer_.connection().state() == ws::State::open; }

  /// Shows `reporter`, which outlives it, what goes over the wire.
  void show_wire(Report& reporter) {
    wire_log_ = std::make_unique<WireLog>(reporter, number_);
    peer_.observe(*wire_log_);
  }
  [[nodiscard]] bool shows_wire() const noexcept { return wire_log_ != nullptr; }

  /// Sends data, and reports it.
  [[nodiscard]] ws::Status send(const ws::Piece& piece) {
    if (shows_wire()) [[unlikely]]
      return wire_log_->send(peer_, piece);
    return connection().send(piece);
  }

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

  /// Why nothing is read from it: its answers wait, or stdout does.
  enum class Wait : unsigned char { for_answers = 1, for_printing = 2 };
  void pause(Wait wait, bool paused);

 private:
  void handle_event(peer::Peer&, const ws::Event& event) override { owner_.handle_event(*this, event); }
  void handle_progress(peer::Peer&) override { owner_.handle_progress(*this); }
  void handle_end(peer::Peer&) override { owner_.handle_end(*this); }

  ClientOwner& owner_;
  ConnectionNumber number_;
  std::unique_ptr<WireLog> wire_log_;
  peer::Peer peer_;
  unsigned char waits_ = 0;  // a set of Wait
  bool admitted_ = false;
  bool lags_ = false;
};

}  // namespace wscope::link
