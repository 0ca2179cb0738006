// TCP sockets that never block: every one made here is non-blocking and close-on-exec, and no write raises SIGPIPE.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/address.h"
#include "net/fd.h"
#include "net/io.h"

namespace wscope::net {

/// A socket that listens on `address`; port 0 lets the system choose one (see local_address()). An IPv6 socket takes no
/// IPv4 connections, so that both can listen on one port. The Error names the address: "127.0.0.1:80: permission
/// denied".
base::Result<UniqueFd> listen_on(const SocketAddress& address, int backlog);

/// What came of one attempt to accept a connection.
struct AcceptResult {
  enum class Kind : unsigned char {
    /// `fd` is a new connection from `peer`.
    accepted,
    /// Nobody is waiting: wait for the poller.
    would_block,
    /// Descriptors or memory have run out while somebody waits: the listening socket stays readable, so do not watch it
    /// until a connection has closed or some time has passed.
    out_of_descriptors,
    /// This one connection failed before it was accepted; there may be others.
    transient
  };

  Kind kind = Kind::would_block;
  UniqueFd fd{};
  SocketAddress peer{};
  /// errno's value, unless accepted.
  int error = 0;
};

/// Accepts one connection from the listening socket `listener`.
[[nodiscard]] AcceptResult accept_connection(int listener) noexcept;

/// Begins to connect to `address`. The socket becomes writable when it is known what came of it: then ask
/// connect_result(). An Error, here and there, is of kind connect and its message only the reason: "connection
/// refused".
base::Result<UniqueFd> start_connect(const SocketAddress& address);
base::Result<void> connect_result(int fd);

/// Why the socket has failed, as a number of errno, once; 0 if it has not.
[[nodiscard]] int pending_error(int fd) noexcept;

/// This end's and the other end's address; empty if the socket has none (any more).
[[nodiscard]] SocketAddress local_address(int fd) noexcept;
[[nodiscard]] SocketAddress peer_address(int fd) noexcept;

/// Reads once what has arrived into `into` (not empty). Fewer bytes than fit: the socket is drained for now.
[[nodiscard]] IoResult receive(int fd, base::MutableBytes into) noexcept;
/// Hands once as much of `from` (not empty) to the system as it takes.
[[nodiscard]] IoResult send(int fd, base::Bytes from) noexcept;

/// Hands once as much of `count` bytes (not 0) of a regular file from `offset` on to the system as it takes. end: the
/// file ends there. Whoever calls it has SIGPIPE ignored (see Signals).
[[nodiscard]] IoResult send_file(int fd, int file, std::uint64_t offset, std::size_t count) noexcept;

/// Tells the peer that nothing more will come, and goes on receiving.
void half_close(int fd) noexcept;
/// Sends small pieces at once instead of waiting for more (no Nagle).
void set_no_delay(int fd) noexcept;
/// Has the system ask now and then whether the peer is still there.
void set_keep_alive(int fd) noexcept;
/// When it is closed, that is a reset: what is unsent is dropped, and the peer sees an error instead of an end.
void reset_on_close(int fd) noexcept;
/// Closes so.
void abort_connection(UniqueFd fd) noexcept;

}  // namespace wscope::net
