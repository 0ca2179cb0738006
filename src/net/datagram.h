// UDP sockets that never block; every one made here is close-on-exec.
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"
#include "net/address.h"
#include "net/fd.h"
#include "net/io.h"

namespace wscope::net {

/// The longest datagram of IPv4 (RFC 768).
inline constexpr std::size_t longest_datagram = 65507;

/// A socket that hears of `address` alone, and sends there. An Error of kind connect whose message is only the reason.
base::Result<UniqueFd> connect_datagrams(const SocketAddress& address);

/// A socket that hears of everybody who sends to `address`; port 0 lets the system choose one. An IPv6 socket takes
/// nothing of IPv4. The Error names the address.
base::Result<UniqueFd> bind_datagrams(const SocketAddress& address);

/// Of a connected socket: one datagram into `into` (not empty), which may be of 0 bytes, and is cut if there is no room
/// for it. Failed: of one that was sent before, too, which nobody waits for (ECONNREFUSED).
[[nodiscard]] IoResult receive_datagram(int fd, base::MutableBytes into) noexcept;
/// Sends one whole, or not: would_block, failed.
[[nodiscard]] IoResult send_datagram(int fd, base::Bytes datagram) noexcept;

/// Who has sent a datagram, and to which of our addresses; that one has no port, and is none if the system does not
/// tell.
struct Way {
  SocketAddress from{};
  SocketAddress to{};
};

/// The same of one that is bound.
[[nodiscard]] IoResult receive_datagram(int fd, base::MutableBytes into, Way& way) noexcept;
/// Sends one back that way: to `way.from`, from the address that was asked.
[[nodiscard]] IoResult send_datagram(int fd, base::Bytes datagram, const Way& way) noexcept;

}  // namespace wscope::net
