// A stream of bytes over a socket: plain, or in one or two layers of TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "net/address.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/io.h"
#include "net/socket.h"
#include "peer/read_blocks.h"
#include "peer/tls_stack.h"
#include "tls/engine.h"

namespace wscope::peer {

/// A connected socket and the TLS engines on top of it: none, one, or two (TLS to a proxy, and through it). Plain, it
/// costs nothing: every call is that of the socket. Move only.
///
/// It is waited for as a socket is, with two things on top: holds_input() is as good as readable, and while
/// holds_output(), writable is worth waiting for and then flush() the answer.
class Transport {
 public:
  Transport() noexcept = default;
  /// Takes the socket over.
  Transport(net::UniqueFd socket) noexcept  // NOLINT(google-explicit-constructor): a plain socket is one
      : socket_(std::move(socket)) {}

  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  [[nodiscard]] net::SocketAddress address() const noexcept { return net::peer_address(fd()); }

  /// Gives the socket away, if there is no TLS: who speaks something else than WebSocket needs nothing more.
  [[nodiscard]] net::UniqueFd take_socket() noexcept { return std::move(socket_); }

  /// Everything from now on goes through `engine`. `blocks` outlives this.
  void add_tls(tls::Engine engine, ReadBlocks& blocks) {
    if (!stack_) stack_ = std::make_unique<TlsStack>(fd(), blocks);
    stack_->add(std::move(engine));
  }
  /// The engine added last; null if there is none.
  [[nodiscard]] const tls::Engine* tls() const noexcept { return stack_ ? &stack_->top() : nullptr; }

  /// A client: goes on with the handshake of the engine added last, first of all and whenever the socket is ready.
  /// Whether it is done; an Error of kind tls says why it never will be. A server's needs no such call: receive() is
  /// enough.
  [[nodiscard]] base::Result<bool> shake_hands() { return stack_->shake_hands(); }

  /// Reads once what has arrived into `into` (not empty), as net::receive() does; with TLS, that may be what arrived
  /// earlier, and writes what TLS has to say to it. Failed with EPROTO: TLS itself has failed. A server whose client
  /// speaks HTTP without TLS tells it so then, and closes its half.
  [[nodiscard]] net::IoResult receive(base::MutableBytes into) {
    return stack_ ? stack_->receive(into) : net::receive(fd(), into);
  }
  /// Whether receive() has something to tell though the socket may have nothing.
  [[nodiscard]] bool holds_input() const noexcept { return stack_ && stack_->holds_input(); }

  /// Whether the latest receive() found more on the socket than it could take, though it may not have filled its room.
  [[nodiscard]] bool filled() const noexcept { return stack_ && stack_->filled(); }

  /// Takes as much of `from` (not empty) as there is room for, as net::send() does: would_block also before the
  /// handshake is done.
  [[nodiscard]] net::IoResult send(base::Bytes from) { return stack_ ? stack_->send(from) : net::send(fd(), from); }
  /// Takes as much of `count` bytes (not 0) of a file from `offset` on, as send() does. end: there are no more in it.
  [[nodiscard]] net::IoResult send_file(int file, std::uint64_t offset, std::size_t count, ReadBlocks& blocks);
  /// Whether something that was taken waits for the socket to be writable.
  [[nodiscard]] bool holds_output() const noexcept { return stack_ && stack_->holds_output(); }
  /// Writes what it holds. If that fails, the next send() tells.
  void flush() {
    if (stack_) stack_->flush();
  }
  /// Forgets what it holds.
  void drop_output() {
    if (stack_) stack_->drop_output();
  }
  /// Says that nothing follows, once everything before is written.
  void half_close() {
    if (!stack_) return net::half_close(fd());
    stack_->half_close();
  }

  /// Why TLS has failed, if it has, else what `error`, a number of errno, means.
  [[nodiscard]] std::string error_text(int error) const {
    return stack_ ? stack_->error_text(error) : net::error_text(error);
  }

 private:
  net::UniqueFd socket_;
  std::unique_ptr<TlsStack> stack_;  // none for a plain socket
};

}  // namespace wscope::peer
