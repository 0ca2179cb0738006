// A WebSocket connection on a socket: moves bytes between the two, in bounded memory.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/poller.h"
#include "peer/read_blocks.h"
#include "peer/transport.h"
#include "ws/connection.h"

namespace wscope::peer {

class Peer;
class Turn;

/// Who owns a Peer and hears from it.
class PeerOwner {
 public:
  /// A message, or a piece of one, has come. It may be answered right here, as any event.
  virtual void handle_message(Peer& peer, const ws::Message& message) = 0;
  /// Several messages, one behind the other, each in one frame: only after Peer::deliver_runs().
  virtual void handle_messages(Peer& peer, std::span<const ws::Message> messages) {
    for (const ws::Message& message : messages) handle_message(peer, message);
  }
  /// Something else happened on the connection. It may be answered right here, through peer.connection(); what is sent
  /// is written once all that was read is handled. The event's views are valid until the next call on the connection.
  virtual void handle_event(Peer& peer, const ws::Event& event) = 0;
  /// All that was read is handled and the answers are on their way. Also called when output that was in the way has
  /// gone: has_room() may be true again.
  virtual void handle_progress(Peer& peer) = 0;
  /// The connection is over, after the event Closed. The last call about this peer: it may be destroyed in it.
  virtual void handle_end(Peer& peer) = 0;

 protected:
  ~PeerOwner() = default;
};

/// Who wants to see the bytes of a connection as they are on the wire.
class WireObserver {
 public:
  /// Bytes have come, and nothing was made of them yet. Returns how many of them, at least one, are to be handled
  /// before it is shown the rest: it can stop behind a frame, to say something before the frame's events and something
  /// after.
  virtual std::size_t handle_received(base::Bytes bytes) = 0;
  /// Bytes are on their way out.
  virtual void handle_sent(base::Bytes bytes) = 0;
  /// A request was answered by respond(): what comes next is another head. And, once that is sent, what goes out next.
  virtual void handle_answered() {}
  virtual void handle_answer_sent() {}

 protected:
  ~WireObserver() = default;
};

/// What all peers of a loop share. All of it outlives them.
struct PeerContext {
  net::Poller& poller;
  base::RandomSource& random;
  ReadBlocks& blocks;
  base::Buffer& spare_output;    ///< memory for output that nobody needs right now
  base::Budget* held = nullptr;  ///< for ws::Options::held_input and held_output, unless these are given
};

/// Joins a connected transport and a ws::Connection.
///
/// Back-pressure: a sender who heeds has_room() never fills the output; while the owner has paused it, it reads nothing
/// and delivers nothing. It goes on reading while output waits, as two ends that both stop would wait for each other:
/// who answers what is read (an echo) pauses until there is room again.
class Peer final : private net::Pollable {
 public:
  static constexpr std::size_t high_water = std::size_t{256} * 1024;

  /// Takes the transport over. A client then calls connection().connect() and flush().
  Peer(PeerContext context, Transport transport, ws::Options options, PeerOwner& owner);
  ~Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] ws::Connection& connection() noexcept { return connection_; }
  [[nodiscard]] const ws::Connection& connection() const noexcept { return connection_; }

  /// Whether more may be sent without piling it up.
  [[nodiscard]] bool has_room() const noexcept { return connection_.output().size() < high_water; }

  /// Shows `observer`, which outlives this, everything from now on.
  void observe(WireObserver& observer) noexcept { observer_ = &observer; }

  /// Whether the next turn of the loop delivers more of what was read, and does not wait before it.
  [[nodiscard]] bool delivers_on() const noexcept { return may_deliver(); }

  /// Writes what the connection has to say. To be called after sending anything from outside of handle_event(). Calls
  /// nobody back.
  void flush();

  /// As ws::Connection::respond() does.
  [[nodiscard]] ws::Status respond(int status, const http::Headers& headers, base::Bytes body, std::uint64_t rest,
                                   base::Duration patience);
  /// While connection().answering(): sends up to `count` bytes (not 0) of a file from `offset` on, behind all output;
  /// the observer is not shown them. would_block: handle_progress() is called when there is room again. end: the file
  /// has no more. failed, with errno's value: of the file or of the socket.
  [[nodiscard]] net::IoResult send_file(int file, std::uint64_t offset, std::size_t count);
  /// The answer is sent: goes on with what has come or comes behind its request. Its events are delivered in the next
  /// turn of the loop.
  void next_request();

  /// Shows the observer now what is to be written; flush() would do so later.
  void show_output();

  /// From now on a read brings no more than a usual block: who passes on what comes holds no more of it.
  void read_little() noexcept { reads_little_ = true; }

  /// From now on messages that have come at once are handed on at once, or one by one again. A pause() then comes too
  /// late for what the owner was just given, which is 16 KiB and a message at most.
  void deliver_runs(bool runs) noexcept { delivers_runs_ = runs; }

  /// Stops or resumes the flow of events. Resuming takes effect in the next turn of the loop.
  void pause(bool paused);

  /// Lets the connection go without a word to it, paused or not; TLS, if any, is told (close_notify). handle_end()
  /// follows in the next turn of the loop.
  void abandon();

  /// The same with a reset (RST), and nothing of what waits to be written.
  void reset();

  /// Ends the sending half of the stream (FIN), though no Close was said; what comes is read on.
  void half_close();

  /// From now on it is noticed also while nothing is read that the other side has reset the connection: it is over,
  /// without what was not read.
  void heed_reset();

  /// What time it is in the loop, for calls of the connection.
  [[nodiscard]] base::TimePoint now() const noexcept { return poller_.now(); }

  /// The same for one for which there is no memory: what it holds is let go of, and out_of_memory() tells. The peer
  /// does so itself when that happens while it is served, also in its owner: no other connection suffers from it.
  void lose();
  [[nodiscard]] bool out_of_memory() const noexcept { return out_of_memory_; }

  /// Where the other end is.
  [[nodiscard]] net::SocketAddress address() const noexcept { return transport_.address(); }
  /// And this one.
  [[nodiscard]] net::SocketAddress own_address() const noexcept { return net::local_address(transport_.fd()); }
  /// TLS, if there is any. If truncated(), the end of the stream was not the other side's word.
  [[nodiscard]] const tls::Engine* tls() const noexcept { return transport_.tls(); }
  /// Once the other side has ended the stream, or it has failed: how long nothing had come before.
  [[nodiscard]] std::optional<base::Duration> silence() const noexcept {
    return ended_ ? std::optional(*ended_ - heard_) : std::nullopt;
  }
  /// Why the socket or TLS failed, if it did: "connection reset by peer". It may quote the other side's certificate:
  /// escape it before printing.
  [[nodiscard]] const std::string& socket_error() const noexcept;

 private:
  // Removed again also if there is no memory for the rest of this.
  struct Entry {
    Entry(net::Poller& in, net::Poller::Id added) noexcept : poller(in), id(added) {}
    ~Entry() { poller.remove(id); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    net::Poller& poller;
    net::Poller::Id id;
  };

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  template <typename Work>
  void serve(Work work);
  void proceed(base::TimePoint now);
  [[nodiscard]] bool may_read() const noexcept;
  [[nodiscard]] bool may_deliver() const noexcept;
  void read();
  void read_on();
  void hand_on();
  void deliver(base::TimePoint now);
  [[nodiscard]] bool deliver_run(Turn& turn);
  void tell(const ws::Event& event, Turn& turn);
  void write();
  void stop_sending();
  void look_for_reset();
  void note_failure(int error);
  void update_poller();

  net::Poller& poller_;
  ReadBlocks& blocks_;
  PeerOwner& owner_;
  Transport transport_;
  Entry entry_;
  ws::Connection connection_;
  ReadBlock block_;            // held only while input is left in it
  base::MutableBytes unread_;  // of block_: what the connection was not given yet
  WireObserver* observer_ = nullptr;
  std::size_t shown_ = 0;                            // of the output
  base::TimePoint heard_;                            // when the latest bytes came
  std::optional<base::TimePoint> ended_;             // when the stream did
  std::unique_ptr<const std::string> socket_error_;  // once there is one
  bool full_ = false;                                // the latest read brought as much as there was room for
  bool much_ = false;                                // and a usual block's fill, so that a large one may be worth it
  bool reads_little_ = false;
  bool delivers_runs_ = false;
  bool paused_ = false;
  bool heeds_reset_ = false;
  bool undelivered_ = false;   // there may be events that nobody has asked for yet
  bool blocked_ = false;       // the system takes no output until the poller says so
  bool sending_over_ = false;  // the half is closed or the socket has failed: output is dropped
  bool out_of_memory_ = false;
  bool over_ = false;  // Closed was delivered
};

}  // namespace wscope::peer
