// A stream of bytes joined with a WebSocket connection: what both the relay and the forward are.
#pragma once

#include <cstddef>
#include <memory>

#include "base/buffer.h"
#include "link/link.h"
#include "link/loop.h"
#include "net/poller.h"
#include "serve/byte_stream.h"
#include "serve/ends.h"

namespace wscope::serve {

/// Who owns a join.
class JoinOwner {
 public:
  /// Neither the stream nor the connection is there any more; or the stream failed before there was a connection.
  /// Called from the loop, never within a call of the join's, which may be destroyed in it.
  virtual void handle_join_over() = 0;
  /// The peer's Close is answered: nothing more goes either way. The join stays in this call.
  virtual void handle_answered() {}

 protected:
  ~JoinOwner() = default;
};

/// Moves bytes in both directions: each read from the stream, of 64 KiB at most, is a binary message, and the data of
/// any message is written. What one side does not take keeps the other from being read, so that no more than 256 KiB
/// wait in a direction. The connection answers no Close by itself (ws::Options::auto_close): this does, by the rules of
/// Ends.
class Join final : private ByteStreamOwner, private net::Pollable {
 public:
  /// `loop` and `owner` outlive it.
  Join(link::Loop& loop, std::unique_ptr<ByteStream> stream, const Ends::Options& ends, JoinOwner& owner);
  ~Join();
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;

  /// The connection is open, and stays there until handle_link_gone().
  void begin(link::Link& link);
  /// A message or a piece of one has come.
  void handle_message(const ws::Message& message);
  /// As peer::PeerOwner has it.
  void handle_progress();
  /// The connection is over, or could not be made.
  void handle_link_gone();
  /// Nothing is left to be done. If it is not, handle_join_over() follows once it is.
  [[nodiscard]] bool over() const noexcept { return link_ == nullptr && !ends_.has_stream(); }
  /// Whether the stream has failed, or takes no more: nobody cares for what still comes.
  [[nodiscard]] bool stream_failed() const noexcept { return ends_.stream_has_failed(); }

 private:
  void handle_stream(net::Readiness readiness) override;
  void handle_reader_gone() override;
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  void read_stream();
  void send(base::Bytes bytes);
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] std::size_t write(base::Bytes bytes);
  void write_waiting();
  void look_at_link();
  void note_hang_up();
  void obey();
  void say(const Ends::Farewell& farewell);
  void settle();

  link::Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  Ends ends_;
  JoinOwner& owner_;
  net::Poller::Id timer_;
  link::Link* link_ = nullptr;
  base::Buffer waiting_;  // for the stream
  bool blocked_ = false;  // the stream takes nothing until the poller says so
  bool close_seen_ = false;
  bool ignores_hang_up_ = false;
  bool begun_ = false;
};

}  // namespace wscope::serve
