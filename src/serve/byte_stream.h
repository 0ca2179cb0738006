// A stream of bytes in the loop, in both directions: a socket, or stdin and stdout.
#pragma once

#include "base/bytes.h"
#include "net/fd.h"
#include "net/io.h"
#include "net/poller.h"

namespace wscope::serve {

/// Who moves its bytes.
class ByteStreamOwner {
 public:
  /// It is ready for something of what it is watched for. It may be destroyed in this call.
  virtual void handle_stream(net::Readiness readiness) = 0;
  /// Nobody will take anything of it any more, whatever there is to be read. It may be destroyed in this call.
  virtual void handle_reader_gone() = 0;

 protected:
  ~ByteStreamOwner() = default;
};

class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  /// What its owner is to hear of; at first, nothing. `owner` outlives it.
  virtual void watch(net::Interest interest, ByteStreamOwner& owner) = 0;
  /// Reads once, as net::receive() does.
  [[nodiscard]] virtual net::IoResult receive(base::MutableBytes into) = 0;
  /// Writes once as much as is taken without waiting, as net::send() does.
  [[nodiscard]] virtual net::IoResult send(base::Bytes from) = 0;
  /// Whether it has failed, which receive() or send() would tell; to be asked when it is hung up.
  [[nodiscard]] virtual bool failed() const = 0;
  /// Says that nothing more will be sent, and can still be read.
  virtual void half_close() = 0;
  /// Ends it. After one of these nothing is called any more.
  virtual void close() = 0;
  /// The same, so that the other side sees an error rather than an end, if there is such a thing.
  virtual void reset() = 0;
};

/// A connected stream socket, of TCP or a Unix domain socket.
class SocketStream final : public ByteStream, private net::Pollable {
 public:
  /// `poller` outlives it.
  SocketStream(net::Poller& poller, net::UniqueFd socket);
  ~SocketStream() override { poller_.remove(id_); }

  void watch(net::Interest interest, ByteStreamOwner& owner) override;
  [[nodiscard]] net::IoResult receive(base::MutableBytes into) override;
  [[nodiscard]] net::IoResult send(base::Bytes from) override;
  [[nodiscard]] bool failed() const override;
  void half_close() override;
  void close() override;
  void reset() override;

 private:
  void handle_ready(net::Poller::Id, net::Readiness readiness) override { owner_->handle_stream(readiness); }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  net::Poller& poller_;
  net::UniqueFd socket_;
  net::Poller::Id id_;
  ByteStreamOwner* owner_ = nullptr;
};

}  // namespace wscope::serve
