// Datagrams joined with a WebSocket connection: one is a binary message, and a message is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "link/link.h"
#include "link/loop.h"
#include "net/io.h"
#include "net/poller.h"

namespace wscope::serve {

/// Who owns such a join, and sends its datagrams.
class DatagramJoinOwner {
 public:
  [[nodiscard]] virtual net::IoResult send_datagram(base::Bytes datagram) = 0;
  /// Something is worth a line.
  virtual void handle_datagram_word(const std::string& text) = 0;

 protected:
  ~DatagramJoinOwner() = default;
};

/// Nobody waits for a datagram: what is too long, or finds no room, is dropped and counted; what went wrong with one is
/// told once. Who is silent in both directions for `idle` is closed (1000). The connection answers no Close by itself
/// (ws::Options::auto_close): this does.
class DatagramJoin final : private net::Pollable {
 public:
  /// `loop` and `owner` outlive it. `idle` zero: for ever.
  DatagramJoin(link::Loop& loop, base::Duration idle, DatagramJoinOwner& owner);
  ~DatagramJoin();
  DatagramJoin(const DatagramJoin&) = delete;
  DatagramJoin& operator=(const DatagramJoin&) = delete;

  /// The connection is open, and stays there until end().
  void begin(link::Link& link);
  /// A message or a piece of one has come.
  void handle_message(const ws::Message& message);
  /// As peer::PeerOwner has it.
  void handle_progress();
  /// A datagram has come. flush() writes it.
  void send(base::Bytes datagram);
  void flush();
  /// One is not sent.
  void drop(const std::string& why);
  /// The system says that an earlier one did not arrive, or could not be sent.
  void note_error(int error);
  /// The connection is over. Tells how many were dropped, if more than was told already.
  void end();

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void send_on(base::Bytes datagram);
  void stay_awake();

  link::Loop& loop_;
  base::Duration idle_;
  DatagramJoinOwner& owner_;
  net::Poller::Id timer_;
  link::Link* link_ = nullptr;
  std::string message_;  // what has come of one so far
  std::uint64_t dropped_ = 0;
  bool error_told_ = false;
};

}  // namespace wscope::serve
