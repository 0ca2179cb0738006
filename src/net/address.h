// Where a socket is: an IPv4 or IPv6 address and a port, or a path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>

#include "base/result.h"

namespace wscope::net {

/// Which addresses are wanted.
enum class AddressFamily : unsigned char { any, ipv4, ipv6 };

/// A value: an address the socket calls understand, of IPv4, IPv6, a Unix domain socket or, for what else a socket may
/// be bound to, none of them.
class SocketAddress {
 public:
  /// No address: family() is AF_UNSPEC.
  SocketAddress() noexcept = default;

  /// From `127.0.0.1`, `::1` or `fe80::1%eth0`, without brackets. Looks nothing up: a name is an Error of kind usage.
  /// An Error of kind io: the system could not tell.
  [[nodiscard]] static base::Result<SocketAddress> from_numeric(std::string_view host, std::uint16_t port);
  /// This machine's own, 127.0.0.1 or else ::1. Asks the system nothing, so it cannot fail.
  [[nodiscard]] static SocketAddress loopback(AddressFamily family, std::uint16_t port) noexcept;
  /// Of a Unix domain socket; a path that no socket can have is an Error of kind usage.
  [[nodiscard]] static base::Result<SocketAddress> from_unix_path(std::string_view path);
  /// A copy of what a socket call or getaddrinfo gave.
  [[nodiscard]] static SocketAddress from(const sockaddr* address, socklen_t size) noexcept;

  /// AF_INET, AF_INET6 or another of the system's numbers.
  [[nodiscard]] int family() const noexcept { return storage_.ss_family; }
  /// Whether it is one of those that are wanted.
  [[nodiscard]] bool fits(AddressFamily wanted) const noexcept;
  /// Whether it is of this machine alone: 127.0.0.0/8, also as an IPv6 address, or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// In host byte order; 0 if there is none.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// The address alone, with its zone if it has one: `127.0.0.1`, `::1`, `fe80::1%eth0`; empty if it is of neither
  /// family.
  [[nodiscard]] std::string host_text() const;
  /// Address and port as in a URL: `127.0.0.1:80`, `[::1]:80`; the path of a Unix domain socket, `unix:` of one that
  /// has none, as clients' mostly have; else empty.
  [[nodiscard]] std::string text() const;

  /// What the socket calls take; valid as long as this object is unchanged.
  [[nodiscard]] const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const noexcept { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace wscope::net
