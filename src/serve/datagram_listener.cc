#include "serve/datagram_listener.h"

#include <algorithm>
#include <utility>

#include "net/socket.h"

namespace wscope::serve {
namespace {

// Others wait, too.
constexpr int most_at_once = 32;
// How many ports the system may choose that are free for IPv4 and taken for IPv6.
constexpr int port_attempts = 16;

}  // namespace

base::Result<void> DatagramListener::add(const net::SocketAddress& address) {
  auto socket = net::bind_datagrams(address);
  if (!socket) return std::move(socket).error();
  const net::Poller::Id id = loop_.poller.add(socket->get(), {.readable = true}, *this);
  sockets_.push_back({std::move(socket).value(), id});
  return {};
}

// A machine without IPv6 has IPv4 alone.
base::Result<void> DatagramListener::listen(const link::ListenAddress& address) {
  if (!address.host.empty()) {
    const auto numeric = net::SocketAddress::from_numeric(address.host, address.port);
    return numeric ? add(*numeric) : base::Result<void>(numeric.error());
  }
  base::Result<void> outcome;
  for (int attempt = 0; attempt < (address.port == 0 ? port_attempts : 1); ++attempt) {
    stop();
    sockets_.clear();
    outcome = add(net::SocketAddress::loopback(net::AddressFamily::ipv4, address.port));
    if (!outcome) return outcome;
    const net::SocketAddress second = net::SocketAddress::loopback(net::AddressFamily::ipv6, this->address().port());
    outcome = add(second);
    const bool has_none = !outcome && !net::bind_datagrams(net::SocketAddress::loopback(net::AddressFamily::ipv6, 0));
    if (outcome || has_none) return {};
  }
  return outcome;
}

net::SocketAddress DatagramListener::address() const { return net::local_address(sockets_.front().fd.get()); }

void DatagramListener::stop() {
  for (const Socket& socket : sockets_) loop_.poller.remove(socket.id);
}

void DatagramListener::handle_ready(net::Poller::Id id, net::Readiness) {
  const auto found =
      std::find_if(sockets_.begin(), sockets_.end(), [id](const Socket& socket) { return socket.id == id; });
  const int socket = found->fd.get();
  peer::ReadBlock block = loop_.blocks.take();
  for (int i = 0; i < most_at_once; ++i) {
    net::Way way;
    const net::IoResult result = net::receive_datagram(socket, block.bytes(), way);
    if (result.kind == net::IoResult::Kind::would_block) break;
    if (result.kind == net::IoResult::Kind::done)
      owner_.handle_datagram(socket, way, block.bytes().first(result.bytes));
  }
  loop_.blocks.give_back(std::move(block));
}

}  // namespace wscope::serve
