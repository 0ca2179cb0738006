// A WebSocket connection on a socket: moves bytes between the two, in bounded memory.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "net/fd.h"
#include "net/poller.h"
#include "peer/read_blocks.h"
#include "ws/connection.h"

namespace wscope::peer {

class Peer;

/// Who owns a Peer and hears from it.
class PeerOwner {
 public:
  /// Something happened on the connection. It may be answered right here, through peer.connection(); what is sent is
  /// written once all that was read is handled. The event's views are valid until the next call on the connection.
  virtual void handle_event(Peer& peer, const ws::Event& event) = 0;
  /// All that was read is handled and the answers are on their way. Also called when output that was in the way has
  /// gone: has_room() may be true again.
  virtual void handle_progress(Peer& peer) = 0;
  /// The connection is over, after the event Closed. The last call about this peer: it may be destroyed in it.
  virtual void handle_end(Peer& peer) = 0;

 protected:
  ~PeerOwner() = default;
};

/// What all peers of a loop share. All of it outlives them.
struct PeerContext {
  net::Poller& poller;
  base::RandomSource& random;
  ReadBlocks& blocks;
};

/// Joins a connected socket and a ws::Connection.
///
/// Back-pressure: a sender who heeds has_room() never fills the output; while the owner has paused it, it reads nothing
/// and delivers nothing. It goes on reading while output waits, as two ends that both stop would wait for each other:
/// who answers what is read (an echo) pauses until there is room again.
class Peer final : private net::Pollable {
 public:
  static constexpr std::size_t high_water = std::size_t{256} * 1024;

  /// Takes the socket over. A client then calls connection().connect() and flush().
  Peer(PeerContext context, net::UniqueFd socket, ws::Options options, PeerOwner& owner);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] ws::Connection& connection() noexcept { return connection_; }
  [[nodiscard]] const ws::Connection& connection() const noexcept { return connection_; }

  /// Whether more may be sent without piling it up.
  [[nodiscard]] bool has_room() const noexcept { return connection_.output().size() < high_water; }

  /// Writes what the connection has to say. To be called after sending anything from outside of handle_event(). Calls
  /// nobody back.
  void flush();

  /// Stops or resumes the flow of events. Resuming takes effect in the next turn of the loop.
  void pause(bool paused);

  /// Lets the connection go without a word, paused or not. handle_end() follows in the next turn of the loop.
  void abandon();

  /// Why the socket failed, if it did: "connection reset by peer".
  [[nodiscard]] const std::string& socket_error() const noexcept { return socket_error_; }

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void proceed();
  [[nodiscard]] bool may_read() const noexcept;
  [[nodiscard]] bool may_deliver() const noexcept;
  void read();
  void deliver();
  void write();
  void stop_sending(int error);
  void update_poller();

  net::Poller& poller_;
  ReadBlocks& blocks_;
  PeerOwner& owner_;
  net::UniqueFd socket_;
  net::Poller::Id id_;
  ws::Connection connection_;
  std::unique_ptr<ReadBlock> block_;  // held only while input is left in it
  std::string socket_error_;
  bool paused_ = false;
  bool undelivered_ = false;   // there may be events that nobody has asked for yet
  bool blocked_ = false;       // the system takes no output until the poller says so
  bool sending_over_ = false;  // the half is closed or the socket has failed: output is dropped
  bool over_ = false;          // Closed was delivered
};

}  // namespace wscope::peer
