// Relays in the loop of a test, and what is behind them.
#pragma once

#include <doctest/doctest.h>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/datagram.h"
#include "serve/relay.h"
#include "unit/link/serving.h"

namespace wscope::test {

/// A listening socket of the test's own.
struct RawTarget {
  RawTarget() {
    auto made = net::listen_on(net::SocketAddress::loopback(net::AddressFamily::ipv4, 0), 8);
    REQUIRE(made.ok());
    listener = std::move(made).value();
  }
  [[nodiscard]] std::uint16_t port() const { return net::local_address(listener.get()).port(); }
  [[nodiscard]] std::string name() const { return "tcp:127.0.0.1:" + std::to_string(port()); }
  /// The next connection.
  [[nodiscard]] net::UniqueFd accept(link::Loop& loop) const {
    net::UniqueFd socket;
    CHECK(run_until(loop.poller, [&] {
      net::AcceptResult result = net::accept_connection(listener.get());
      socket = std::move(result.fd);
      return socket.valid();
    }));
    return socket;
  }

  net::UniqueFd listener;
};

/// Turns the loop until so many bytes have come.
inline std::string read_from(const net::UniqueFd& socket, std::size_t size, link::Loop& loop) {
  std::string text;
  CHECK(run_until(loop.poller, [&] { return (text += hear(socket)).size() >= size; }));
  return text;
}

/// The end of what is read: "end", or why it failed.
inline std::string end_of(const net::UniqueFd& socket, link::Loop& loop) {
  std::string end;
  CHECK(run_until(loop.poller, [&] {
    std::byte byte{};
    const net::IoResult result = net::receive(socket.get(), {&byte, 1});
    if (result.kind == net::IoResult::Kind::end) end = "end";
    if (result.kind == net::IoResult::Kind::failed) end = result.error == ECONNRESET ? "reset" : "failed";
    return !end.empty();
  }));
  return end;
}

/// A server that relays.
struct Relayed {
  explicit Relayed(const std::vector<std::string>& routes, std::string token_file = "") {
    for (const std::string& route : routes) plan.routes.push_back(serve::parse_route(route).value());
    plan.token_file = std::move(token_file);
    relay.emplace(loop, plan, timeouts, false);
    served.emplace(loop, link::Server::Options{}, *relay);
  }
  /// The status of an upgrade request that is refused.
  [[nodiscard]] int status_of(const std::string& target) {
    const std::string answer = served->answer_to("GET " + target +
                                                 " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                                 "Sec-WebSocket-Version: 13\r\n\r\n");
    return std::stoi(answer.substr(9, 3));
  }

  link::Loop loop;
  serve::RelayPlan plan{};
  link::Timeouts timeouts{};
  std::optional<serve::Relay> relay;
  std::optional<Served> served;
};

}  // namespace wscope::test
