#include "link/listeners.h"

#include <utility>

#include "net/passed_sockets.h"

namespace wscope::link {
namespace {

// How many ports the system may choose that are free for IPv4 and taken for IPv6.
constexpr int port_attempts = 16;

}  // namespace

base::Result<void> Listeners::listen(const ListenAddress& address) {
  if (address.passed > 0) return listen_on_passed(address.passed);
  if (!address.unix_path.empty()) return add(address.unix_path, static_cast<mode_t>(address.unix_mode));
  if (address.host.empty()) return listen_on_loopback(address.port);
  const auto numeric = net::SocketAddress::from_numeric(address.host, address.port);
  if (!numeric) return numeric.error();
  return add(*numeric);
}

template <typename... Where>
base::Result<void> Listeners::add(Where&&... where) {
  auto listener = std::make_unique<peer::Listener>(poller_, owner_);
  auto listening = listener->listen(std::forward<Where>(where)...);
  if (listening) listeners_.push_back(std::move(listener));
  return listening;
}

base::Result<void> Listeners::listen_on_passed(int count) {
  for (int i = 0; i < count; ++i) {
    auto socket = net::adopt_passed_socket(net::first_passed + i);
    if (!socket) return std::move(socket).error();
    if (auto added = add(std::move(socket).value()); !added) return added;
  }
  return {};
}

// Both families on one port. A machine without one of them serves the other; a port that somebody else has in one of
// them is taken.
base::Result<void> Listeners::listen_on_loopback(std::uint16_t port) {
  base::Result<void> outcome;
  for (int attempt = 0; attempt < port_attempts; ++attempt) {
    listeners_.clear();
    std::uint16_t chosen = port;
    bool taken = false;
    for (const net::AddressFamily family : {net::AddressFamily::ipv4, net::AddressFamily::ipv6}) {
      auto listener = std::make_unique<peer::Listener>(poller_, owner_);
      outcome = listener->listen(net::SocketAddress::loopback(family, chosen));
      if (!outcome) {
        taken = listener->listen(net::SocketAddress::loopback(family, 0)).ok();
        if (taken) break;
        continue;
      }
      chosen = listener->address().port();
      listeners_.push_back(std::move(listener));
    }
    if (!taken) return listeners_.empty() ? outcome : base::Result<void>();
    if (port != 0) break;
  }
  listeners_.clear();
  return outcome;
}

std::vector<net::SocketAddress> Listeners::addresses() const {
  std::vector<net::SocketAddress> addresses;
  for (const auto& listener : listeners_) addresses.push_back(listener->address());
  return addresses;
}

}  // namespace wscope::link
