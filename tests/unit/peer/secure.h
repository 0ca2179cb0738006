// An authority that a client trusts, and transports that speak TLS to each other.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peer/read_blocks.h"
#include "peer/transport.h"
#include "tls/context.h"
#include "tls/engine.h"
#include "unit/net/descriptors.h"
#include "unit/tls/authority.h"

namespace wscope::test {

/// An authority, and contexts with what it has signed.
struct Trust {
  [[nodiscard]] tls::Identity identity() const {
    const Certified certified = issue({.names = "DNS:a.example,IP:127.0.0.1"}, &authority);
    return {.certificate_file = folder.put("identity.pem", pem(certified))};
  }
  [[nodiscard]] tls::Context make_server(bool asks = false) const {
    return tls::Context::server({.identity = identity(), .client_ca = asks ? authority_file : ""}).value();
  }

  Certified authority = make_authority();
  TemporaryFolder folder{};
  std::string authority_file = folder.put("authority.pem", pem(authority.certificate));
  tls::Context client = tls::Context::client({.ca_file = authority_file}).value();
  tls::Context server = make_server();
  tls::Context asking_server = make_server(true);  ///< for a client's certificate
};

/// Sockets so small that nothing large fits.
inline std::pair<net::UniqueFd, net::UniqueFd> narrow_pair() {
  auto ends = blocking_socket_pair();
  const int least = 1;
  for (const net::UniqueFd* end : {&ends.first, &ends.second}) {
    REQUIRE(net::make_private(end->get()));
    REQUIRE(::setsockopt(end->get(), SOL_SOCKET, SO_SNDBUF, &least, sizeof least) == 0);
  }
  return ends;
}

inline std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
  return text;
}

/// A record of TLS that nobody has encrypted.
inline std::string bad_record() { return "\x17\x03\x03" + std::string("\0\x20", 2) + noise(32, 1); }

[[nodiscard]] inline tls::Engine client_engine(const tls::Context& context, const std::string& name = "a.example") {
  return tls::Engine::client(context, name).value();
}

/// What came of one receive() with little room.
struct Heard {
  net::IoResult::Kind kind;
  std::string text;
};

[[nodiscard]] inline Heard hear_once(peer::Transport& transport, std::size_t room = 4096) {
  std::vector<std::byte> into(room);
  const net::IoResult result = transport.receive(into);
  if (result.kind != net::IoResult::Kind::done) return {result.kind, {}};
  return {result.kind, std::string(base::as_text(base::Bytes(into).first(result.bytes)))};
}

/// All that it tells until the socket has nothing more.
[[nodiscard]] inline Heard hear_all(peer::Transport& transport, std::size_t room = 4096) {
  std::string text;
  pollfd polled{transport.fd(), POLLIN, 0};
  while (true) {
    Heard heard = hear_once(transport, room);
    text += heard.text;
    if (heard.kind == net::IoResult::Kind::done) continue;
    if (heard.kind != net::IoResult::Kind::would_block || ::poll(&polled, 1, 0) == 0) return {heard.kind, text};
  }
}

inline void say_all(peer::Transport& transport, std::string_view text) {
  CHECK(transport.send(base::as_bytes(text)).bytes == text.size());
  CHECK(!transport.holds_output());
}

}  // namespace wscope::test
