#include "net/address.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace wscope::net {
namespace {

bool is_internet(int family) noexcept { return family == AF_INET || family == AF_INET6; }

}  // namespace

base::Result<SocketAddress> SocketAddress::from_numeric(std::string_view host, std::uint16_t port) {
  // Not inet_pton(): it knows no zones, and leaves it to us to fill in what differs between systems.
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  // A NUL would end the name early for the system.
  if (host.find('\0') != std::string_view::npos ||
      ::getaddrinfo(std::string(host).c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return base::usage_error(std::string(host) + ": not an IP address");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return from(found->ai_addr, found->ai_addrlen);
}

base::Result<SocketAddress> SocketAddress::from_unix_path(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr std::size_t longest = sizeof address.sun_path - 1;
  if (path.empty() || path.size() > longest) {
    return base::usage_error("the path of a socket has 1 to " + std::to_string(longest) + " bytes");
  }
  if (path.find('\0') != std::string_view::npos) {
    return base::usage_error("the path of a socket has no NUL");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

SocketAddress SocketAddress::from(const sockaddr* address, socklen_t size) noexcept {
  SocketAddress copy;
  copy.size_ = std::min<socklen_t>(size, sizeof copy.storage_);
  std::memcpy(&copy.storage_, address, copy.size_);
  return copy;
}

bool SocketAddress::fits(AddressFamily wanted) const noexcept {
  return wanted == AddressFamily::any || family() == (wanted == AddressFamily::ipv4 ? AF_INET : AF_INET6);
}

bool SocketAddress::is_loopback() const noexcept {
  constexpr std::uint8_t network = 127;
  if (family() == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr.s_addr) >> 24 == network;
  }
  if (family() != AF_INET6) return false;
  const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == network);
}

std::uint16_t SocketAddress::port() const noexcept {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port);
  return 0;
}

std::string SocketAddress::host_text() const {
  std::array<char, NI_MAXHOST> host;
  if (!is_internet(family()) ||
      ::getnameinfo(data(), size_, host.data(), static_cast<socklen_t>(host.size()), nullptr, 0, NI_NUMERICHOST) != 0) {
    return {};
  }
  return host.data();
}

std::string SocketAddress::text() const {
  if (family() == AF_UNIX) return reinterpret_cast<const sockaddr_un*>(&storage_)->sun_path;
  if (!is_internet(family())) return {};
  const std::string host = family() == AF_INET6 ? "[" + host_text() + "]" : host_text();
  return host + ":" + std::to_string(port());
}

}  // namespace wscope::net
