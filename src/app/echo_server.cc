#include "app/echo_server.h"

#include <utility>
#include <variant>

namespace wscope::app {
namespace {

// Longer messages are not waited for.
constexpr std::uint64_t whole_up_to = std::uint64_t{64} * 1024;
// How many ports the system may choose that are free for IPv4 and taken for IPv6.
constexpr int port_attempts = 16;

void echo(ws::Connection& connection, const ws::Message& message) {
  const bool continues = connection.sending_message();
  if (message.data.empty() && !message.finished) return;  // the end of a frame, which says nothing
  ws::Piece piece;
  piece.opcode = continues ? ws::Opcode::continuation : message.type;
  piece.payload = message.data;
  piece.finished = message.finished;
  piece.compress = (message.rsv & ws::rsv1) != 0;
  piece.known_utf8 = true;
  // Can only fail once our Close is sent: the peer is paused long before the output is full.
  static_cast<void>(connection.send(piece));
}

}  // namespace

base::Result<void> EchoServer::listen(const cli::ListenAddress& address) {
  if (address.host.empty()) return listen_on_loopback(address.port);
  const auto numeric = net::SocketAddress::from_numeric(address.host, address.port);
  if (!numeric) return numeric.error();
  listeners_.push_back(std::make_unique<peer::Listener>(loop_.poller, *this));
  return listeners_.back()->listen(*numeric);
}

// Both families on one port. A machine without one of them serves the other; a port that somebody else has in one of
// them is taken.
base::Result<void> EchoServer::listen_on_loopback(std::uint16_t port) {
  base::Result<void> outcome;
  for (int attempt = 0; attempt < port_attempts; ++attempt) {
    listeners_.clear();
    std::uint16_t chosen = port;
    bool taken = false;
    for (const char* host : {"127.0.0.1", "::1"}) {
      auto listener = std::make_unique<peer::Listener>(loop_.poller, *this);
      outcome = listener->listen(*net::SocketAddress::from_numeric(host, chosen));
      if (!outcome) {
        taken = listener->listen(*net::SocketAddress::from_numeric(host, 0)).ok();
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

std::string EchoServer::authority() const { return listeners_.front()->address().text(); }

http::Url EchoServer::url() const {
  http::Url url;
  url.host = listeners_.front()->address().host_text();
  url.port = listeners_.front()->address().port();
  url.target = "/";
  return url;
}

void EchoServer::shut_down() {
  listeners_.clear();
  for (const auto& [peer, owner] : clients_) {
    if (peer->connection().close(ws::close_code::going_away) == ws::Status::wrong_state) peer->abandon();
    peer->flush();
  }
}

ws::Options EchoServer::client_options() const {
  ws::Options options;
  options.role = ws::Role::server;
  options.limits.message = ws::unlimited;
  options.whole_up_to = whole_up_to;
  options.open_timeout = timeouts_.handshake;
  options.close_timeout = timeouts_.close;
  options.extensions = {&deflate_};
  return options;
}

void EchoServer::handle_accepted(net::UniqueFd socket, const net::SocketAddress&) {
  auto client = std::make_unique<peer::Peer>(loop_.context(), std::move(socket), client_options(), *this);
  peer::Peer* key = client.get();
  clients_.emplace(key, std::move(client));
}

void EchoServer::handle_event(peer::Peer& peer, const ws::Event& event) {
  if (const auto* message = std::get_if<ws::Message>(&event)) {
    echo(peer.connection(), *message);
    peer.pause(!peer.has_room());
  } else if (std::holds_alternative<ws::Request>(event)) {
    static_cast<void>(peer.connection().accept());
  }
}

// A client that does not take its answers as fast as it asks waits until it has them.
void EchoServer::handle_progress(peer::Peer& peer) { peer.pause(!peer.connection().output().empty()); }

void EchoServer::handle_end(peer::Peer& peer) { clients_.erase(&peer); }

}  // namespace wscope::app
