// Addresses that answer, that refuse, and that say nothing.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "net/address.h"
#include "unit/net/descriptors.h"

namespace wscope::test {

inline net::SocketAddress numeric(const std::string& host, std::uint16_t port = 0) {
  return net::SocketAddress::from_numeric(host, port).value();
}
inline std::uint16_t port_of(const net::UniqueFd& socket) { return net::local_address(socket.get()).port(); }
inline net::SocketAddress address_of(const net::UniqueFd& socket) { return net::local_address(socket.get()); }

/// Refuses as long as it lives; nobody else gets its port.
inline net::UniqueFd refusing_socket() {
  net::UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  const auto address = numeric("127.0.0.1");
  REQUIRE(::bind(socket.get(), address.data(), address.size()) == 0);
  return socket;
}

/// Listens, and answers nobody: its queue is full.
class SilentListener {
 public:
  SilentListener() : listener_(std::move(net::listen_on(numeric("127.0.0.1"), 0)).value()) {
    for (int i = 0; i < 4; ++i) queue_.push_back(std::move(net::start_connect(address())).value());
  }

  [[nodiscard]] net::SocketAddress address() const { return address_of(listener_); }

 private:
  net::UniqueFd listener_;
  std::vector<net::UniqueFd> queue_{};
};

/// Cannot even be tried: the system refuses to connect to it.
inline net::SocketAddress impossible_address() { return net::SocketAddress::from_unix_path("/nonexistent/s").value(); }

}  // namespace wscope::test
