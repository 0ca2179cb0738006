#include "net/address.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "net/error.h"

namespace wscope::net {
namespace {

bool is_internet(int family) noexcept { return family == AF_INET || family == AF_INET6; }

// Whether getaddrinfo() has failed for a reason that has nothing to do with what it was asked.
bool is_systems_own(int failure) noexcept {
  return failure == EAI_MEMORY || failure == EAI_SYSTEM || failure == EAI_AGAIN;
}

// The number of an interface, by its name or as it is; 0: there is none.
std::uint32_t scope_of(const std::string& zone) {
  if (const unsigned index = ::if_nametoindex(zone.c_str()); index != 0) return index;
  std::uint32_t number = 0;
  const char* const last = zone.data() + zone.size();
  const auto [end, error] = std::from_chars(zone.data(), last, number);
  return error == std::errc() && end == last ? number : 0;
}

}  // namespace

base::Result<SocketAddress> SocketAddress::from_numeric(std::string_view host, std::uint16_t port) {
  // Not inet_pton(): it leaves it to us to fill in what differs between systems. Neither takes a zone of an address
  // that could do without, as curl does, so that is looked up here.
  const std::string_view address = host.substr(0, host.find('%'));
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string name(host);
  // A NUL would end the name early for the system.
  const bool cut = host.find('\0') != std::string_view::npos;
  const int failure =
      cut ? EAI_NONAME : ::getaddrinfo(std::string(address).c_str(), std::to_string(port).c_str(), &hints, &found);
  if (is_systems_own(failure)) {
    return base::Error{base::ErrorKind::io, name + ": " + lookup_error_text(failure, errno)};
  }
  if (failure != 0 || found == nullptr) return base::usage_error(name + ": not an IP address");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  SocketAddress numeric = from(found->ai_addr, found->ai_addrlen);
  if (address.size() == host.size()) return numeric;
  const std::string zone(host.substr(address.size() + 1));
  const std::uint32_t scope = scope_of(zone);
  if (numeric.family() != AF_INET6) return base::usage_error(std::string(host) + ": not an IP address");
  if (scope == 0) return base::usage_error(std::string(host) + ": there is no interface " + zone);
  reinterpret_cast<sockaddr_in6*>(&numeric.storage_)->sin6_scope_id = scope;
  return numeric;
}

SocketAddress SocketAddress::loopback(AddressFamily family, std::uint16_t port) noexcept {
  if (family == AddressFamily::ipv4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
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
  // Most clients of a server have one, and getnameinfo() prints it by way of stdio.
  if (family() == AF_INET) {
    std::array<std::uint8_t, 4> octets;
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr, octets.size());
    std::string text;
    for (const unsigned octet : octets) text += (text.empty() ? "" : ".") + std::to_string(octet);
    return text;
  }
  std::array<char, NI_MAXHOST> host;
  if (!is_internet(family()) ||
      ::getnameinfo(data(), size_, host.data(), static_cast<socklen_t>(host.size()), nullptr, 0, NI_NUMERICHOST) != 0) {
    return {};
  }
  return host.data();
}

std::string SocketAddress::text() const {
  if (family() == AF_UNIX) {
    const std::string path = reinterpret_cast<const sockaddr_un*>(&storage_)->sun_path;
    return path.empty() ? "unix:" : path;
  }
  if (!is_internet(family())) return {};
  const std::string host = family() == AF_INET6 ? "[" + host_text() + "]" : host_text();
  return host + ":" + std::to_string(port());
}

}  // namespace wscope::net
